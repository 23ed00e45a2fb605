import { BlockList, isIP } from 'node:net';
import type { ProxySettings } from './transportTypes.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `hostname` as a URL gives it (IPv6 in brackets). */
export const isLoopback = (hostname: string): boolean => {
  const host = bare(hostname);
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
};

/** The proxy for this address, or null for a direct connection. Loopback is always direct. */
export const proxyFor = (url: URL, settings: ProxySettings | null): URL | null => {
  if (settings === null || settings.url === '' || isLoopback(url.hostname)) return null;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (settings.bypass.some((rule) => bypasses(rule.trim().toLowerCase(), bare(url.hostname), port))) return null;
  return parseProxy(settings.url);
};

/** Settings often leave out the scheme: `proxy.example:3128` means http. */
const parseProxy = (text: string): URL | null => {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
};

const bypasses = (rule: string, host: string, port: string): boolean => {
  if (rule === '') return false;
  if (rule === '*') return true;
  const [, name = rule, rulePort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(rule) ?? [];
  if (rulePort !== undefined && rulePort !== port) return false;
  const plain = bare(name).replace(/^\*?\./, '');
  return host === plain || host.endsWith(`.${plain}`);
};

const bare = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
