import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../../scripts/bed/until.ts';

const ATTEMPTS = 5;

export interface NginxServer {
  readonly url: string;
  /** The JSON lines it writes. */
  readonly accessLog: string;
  /** Makes it open its log files anew, as log rotation does. */
  reopenLogs(): void;
  stop(): Promise<void>;
}

/** `as root` the workers would be nobody, who may not write into a folder of root's. */
const user = process.getuid?.() === 0 ? 'user root root;' : '';

const config = (port: number, stablePort: number, canaryPort: number, canaryPercent: number): string => `
${user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log logs/error.log warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/fcgi; uwsgi_temp_path tmp/uwsgi; scgi_temp_path tmp/scgi;
  # Sticky by user: the same id always gets the same variant.
  split_clients "$http_x_user_id" $variant { ${String(canaryPercent)}% canary; * stable; }
  upstream stable { server 127.0.0.1:${String(stablePort)}; keepalive 16; }
  upstream canary { server 127.0.0.1:${String(canaryPort)}; keepalive 16; }
  log_format gray escape=json '{"msec":$msec,"variant":"$variant","status":$status,"request_time":$request_time,'
    '"upstream_time":"$upstream_response_time","user":"$http_x_user_id","service":"shop","method":"$request_method","uri":"$uri"}';
  server {
    listen 127.0.0.1:${String(port)};
    access_log logs/access.jsonl gray;
    location / {
      proxy_pass http://$variant;
      proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_next_upstream off;
    }
  }
}
`;

/** A port that is free now. Nginx cannot be asked to take any free one and tell, so another process may be faster. */
const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Starts a real nginx in `folder`, splitting by user id between two servers on loopback. */
export async function startNginx(
  program: string,
  folder: string,
  ports: { readonly stable: number; readonly canary: number },
  canaryPercent: number,
): Promise<NginxServer> {
  await mkdir(path.join(folder, 'logs'), { recursive: true });
  await mkdir(path.join(folder, 'tmp'), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    await writeFile(path.join(folder, 'nginx.conf'), config(port, ports.stable, ports.canary, canaryPercent));
    const child = spawn(program, ['-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'logs/error.log'], { stdio: 'ignore', cwd: os.tmpdir() });
    let failure: Error | null = null;
    child.once('error', (error) => (failure = error));
    await until('nginx listens or ends', async () => failure !== null || ended(child) || (await accepts(port)));
    if (ended(child) || child.pid === undefined) {
      const log = await readFile(path.join(folder, 'logs/error.log'), 'utf8').catch(() => 'no error log');
      if (attempt < ATTEMPTS && log.includes('Address already in use')) continue;
      throw new Error(`nginx did not start: ${log.slice(-2000)}`);
    }
    return {
      url: `http://127.0.0.1:${String(port)}`,
      accessLog: path.join(folder, 'logs/access.jsonl'),
      reopenLogs: () => child.kill('SIGUSR1'),
      stop: async () => {
        if (ended(child)) return;
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        await exit;
      },
    };
  }
}
