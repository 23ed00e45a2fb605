import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const TIMEOUT_MS = 2000;
const SIZE_MAX = 65_536;

/**
 * The JSON of a GET to our own service; null when it does not answer so. Certificates are not checked: the file that named
 * the address is private to the user, and nothing secret is sent.
 */
export const fetchJson = (url: URL, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    const options = { signal, timeout: TIMEOUT_MS, rejectUnauthorized: false };
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > SIZE_MAX) request.destroy();
      });
      response.on('error', () => {
        resolve(null);
      });
      response.on('end', () => {
        try {
          resolve(JSON.parse(text));
        } catch {
          resolve(null);
        }
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('close', () => {
      resolve(null);
    });
    request.on('error', () => {
      resolve(null);
    });
    request.end();
  });
