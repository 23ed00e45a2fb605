import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot, ensureFolder } from './cache.ts';
import { run } from './run.ts';

/** Packages that hold the program, newest layout first: elsewhere `nginx` only names another one. */
const PACKAGES = ['nginx', 'nginx-core', 'nginx-light'];

export type Nginx = { readonly path: string } | { readonly skip: string };

const works = async (program: string): Promise<boolean> => {
  try {
    await run(program, ['-v'], { cwd: '/' });
    return true;
  } catch {
    return false;
  }
};

const onPath = async (): Promise<string | null> => {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    const program = path.join(folder, 'nginx');
    if (folder !== '' && existsSync(program) && (await works(program))) return program;
  }
  return null;
};

const cached = async (): Promise<string | null> => {
  const names = existsSync(cacheRoot()) ? await readdir(cacheRoot()) : [];
  for (const name of names
    .filter((one) => one.startsWith('nginx-'))
    .sort()
    .reverse()) {
    const program = path.join(cacheRoot(), name, 'usr/sbin/nginx');
    if (existsSync(program) && (await works(program))) return program;
  }
  return null;
};

/** Apt's lists and cache in a folder of our own: the system's stay as they are, and no privilege is needed. */
const ownLists = (folder: string): readonly string[] => [
  '-o',
  `Dir::State::lists=${folder}/lists`,
  '-o',
  `Dir::Cache=${folder}/cache`,
  '-o',
  'APT::Sandbox::User=root',
];

/** `nginx_1.22.1-9+deb12u11_amd64.deb`, as apt names the file it would download; null where it knows no such package. */
const packageFile = async (name: string, options: readonly string[]): Promise<string | null> => {
  try {
    const answer = await run('apt-get', [...options, 'download', '--print-uris', name], { cwd: '/' });
    return /\s(\S+\.deb)\s/.exec(answer)?.[1] ?? null;
  } catch {
    return null;
  }
};

const fromPackage = async (name: string, options: readonly string[]): Promise<string | null> => {
  const file = await packageFile(name, options);
  if (file === null) return null;
  const key = file
    .replace(/\.deb$/, '')
    .replace(/%[0-9a-f]{2}|[^\w.]+/gi, '-')
    .replaceAll('_', '-');
  const folder = await ensureFolder(key, async (partial) => {
    const scratch = path.join(partial, 'package');
    await mkdir(scratch);
    await run('apt-get', [...options, '-q', 'download', name], { cwd: scratch });
    const [deb] = await readdir(scratch);
    if (deb === undefined) throw new Error(`apt-get download ${name} left no file`);
    await run('dpkg', ['-x', path.join(scratch, deb), partial], { cwd: partial });
    await rm(scratch, { recursive: true });
  });
  const program = path.join(folder, 'usr/sbin/nginx');
  return existsSync(program) && (await works(program)) ? program : null;
};

/** A real nginx: that of the machine, else Debian's package, unpacked into the cache and installed nowhere. */
export async function ensureNginx(): Promise<Nginx> {
  const found = (await onPath()) ?? (await cached());
  if (found !== null) return { path: found };
  if (process.platform !== 'linux') return { skip: 'nginx is not on PATH' };
  try {
    await run('dpkg', ['--version'], { cwd: '/' });
    for (const name of PACKAGES) {
      const program = await fromPackage(name, []);
      if (program !== null) return { path: program };
    }
    // No package lists on this machine, or old ones.
    const lists = path.join(cacheRoot(), `.filling-${String(process.pid)}-apt`);
    try {
      await mkdir(path.join(lists, 'lists/partial'), { recursive: true });
      await mkdir(path.join(lists, 'cache/archives/partial'), { recursive: true });
      await run('apt-get', [...ownLists(lists), '-q', 'update'], { cwd: '/' });
      for (const name of PACKAGES) {
        const program = await fromPackage(name, ownLists(lists));
        if (program !== null) return { path: program };
      }
    } finally {
      await rm(lists, { recursive: true, force: true });
    }
    return { skip: 'nginx is neither on PATH nor to be had as a package' };
  } catch (error) {
    return { skip: `nginx is not on PATH, and its package cannot be had: ${error instanceof Error ? error.message : String(error)}` };
  }
}
