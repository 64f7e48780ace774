// Shared by the npm scripts: they run on plain Node before anything is installed or built.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Ramal precisa do Node 20.19 ou mais novo (este é o ${process.versions.node}).`);
    process.exit(1);
  }
}

/** Runs a program in the repository with our streams; exits with its code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Runs a program in the repository; answers its code and what it said on both streams. */
export function runQuietly(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, told: Buffer.concat(said).toString() }));
  });
}

export const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Installs when node_modules is missing or older than the lock file. */
export function ensureInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  // A checkout touches the lock file without changing it: compare what is installed before installing again.
  if (existsSync(marker) && sameLock(lock, marker)) return;
  console.log('Instalando dependências (npm install)…');
  // Not `npm ci`: it refuses a lock without the binaries of platforms that a registry does not carry. The versions are the lock's.
  run('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

function sameLock(lock, marker) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const have = JSON.parse(readFileSync(marker, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, p]) => path === '' || p.optional || have[path]?.version === p.version,
  );
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = 0;
  for (const entry of readdirSync(path)) {
    if (entry === 'node_modules' || entry === 'dist') continue;
    latest = Math.max(latest, newest(join(path, entry)));
  }
  return latest;
}

const stamp = join(root, 'dist', '.built');
const sources = [
  'src',
  'softphone',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'scripts/build.mjs',
];

/** Builds server and desk when a source is newer than the last build. */
export function ensureBuilt() {
  const built =
    existsSync(stamp) && existsSync(join(root, 'softphone', 'dist', 'index.html'))
      ? statSync(stamp).mtimeMs
      : 0;
  if (built > 0 && sources.every((s) => newest(join(root, s)) <= built)) return;
  console.log('Compilando…');
  build();
}

export function build() {
  const startedAt = new Date();
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  copyAssets(join(root, 'src'), join(root, 'dist'));
  run(process.execPath, [
    join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    'softphone',
    '--logLevel',
    'warn',
  ]);
  writeFileSync(stamp, startedAt.toISOString());
}

/** What the compiler does not carry over: data files that stand beside the code. */
function copyAssets(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) copyAssets(source, join(to, entry.name));
    else if (!/\.(ts|md)$/.test(entry.name) && !source.includes('fixtures')) {
      mkdirSync(to, { recursive: true });
      writeFileSync(join(to, entry.name), readFileSync(source));
    }
  }
}
