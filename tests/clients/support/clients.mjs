// The package managers under test, each with its own spelling of the same acts. Every client gets
// a home of its own, so that nothing of this machine's configuration or caches leaks in.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runOk } from './run.mjs';

const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../node_modules');
const node = process.execPath;
const inModules = (...parts) => path.join(modules, ...parts);

// //host[:port]/path/ as npm's configuration keys registries.
const nerf = (registry) => registry.replace(/^https?:/, '');

const npmrc = (registry, token) =>
  [`registry=${registry}`, token ? `${nerf(registry)}:_authToken=${token}` : ''].join('\n') + '\n';

const npmLike = {
  files: (registry, token) => ({
    '.npmrc':
      npmrc(registry, token) + 'audit=true\nfund=false\nupdate-notifier=false\nloglevel=warn\n',
  }),
  publish: ({ tag, access }) => [
    'publish',
    ...(tag ? ['--tag', tag] : []),
    ...(access ? ['--access', access] : []),
  ],
  add: (specs) => ['install', ...specs],
  reinstall: () => ['ci'],
  lockfile: 'package-lock.json',
  whoami: () => ['whoami'],
  tagAdd: (spec, tag) => ['dist-tag', 'add', spec, tag],
  tagList: (name) => ['dist-tag', 'ls', name],
  tagRemove: (name, tag) => ['dist-tag', 'rm', name, tag],
  deprecate: (spec, text) => ['deprecate', spec, text],
  undeprecate: (spec) => ['deprecate', spec, ''],
  unpublish: (spec) => ['unpublish', spec, '--force'],
  search: (words) => ['search', '--json', words],
  ownerAdd: (user, name) => ['owner', 'add', user, name],
  ownerList: (name) => ['owner', 'ls', name],
  star: (name) => ['star', name],
  audit: () => ['audit'],
  view: (spec) => ['view', '--json', spec],
  ping: () => ['ping'],
};

const pnpmLike = {
  ...npmLike,
  files: (registry, token) => ({
    '.npmrc': npmrc(registry, token),
    'pnpm-workspace.yaml':
      'packages: []\nminimumReleaseAge: 0\nverifyDepsBeforeRun: false\n',
  }),
  publish: (options) => [...npmLike.publish(options), '--no-git-checks'],
  add: (specs) => ['add', ...specs],
  reinstall: () => ['install', '--frozen-lockfile'],
  lockfile: 'pnpm-lock.yaml',
  undeprecate: (spec) => ['undeprecate', spec],
  star: undefined,
  ownerAdd: undefined,
  ownerList: undefined,
  ping: undefined,
};

const yarn1 = {
  files: (registry, token) => ({
    '.npmrc': npmrc(registry, token) + 'always-auth=true\n',
    '.yarnrc': `registry "${registry}"\nlastUpdateCheck ${Date.now()}\ndisable-self-update-check true\n`,
  }),
  publish: ({ tag, access }) => [
    'publish',
    '--non-interactive',
    ...(tag ? ['--tag', tag] : []),
    ...(access ? ['--access', access] : []),
  ],
  add: (specs) => ['add', '--non-interactive', ...specs],
  reinstall: () => ['install', '--frozen-lockfile', '--non-interactive'],
  lockfile: 'yarn.lock',
  tagAdd: (spec, tag) => ['tag', 'add', spec, tag],
  tagList: (name) => ['tag', 'list', name],
  tagRemove: (name, tag) => ['tag', 'remove', name, tag],
  ownerAdd: (user, name) => ['owner', 'add', user, name],
  ownerList: (name) => ['owner', 'list', name],
  view: (spec) => ['info', '--json', spec],
};

const yarn4 = {
  files: (registry, token) => ({
    '.yarnrc.yml': [
      `npmRegistryServer: "${registry.replace(/\/$/, '')}"`,
      token ? `npmAuthToken: "${token}"\nnpmAlwaysAuth: true` : '',
      'npmMinimalAgeGate: 0',
      'unsafeHttpWhitelist: ["127.0.0.1"]',
      'nodeLinker: node-modules',
      'enableTelemetry: false',
      'enableGlobalCache: true',
      'enableImmutableInstalls: false',
    ].join('\n'),
    'yarn.lock': '',
  }),
  publish: ({ tag, access }) => [
    'npm',
    'publish',
    ...(tag ? ['--tag', tag] : []),
    ...(access ? ['--access', access] : []),
  ],
  prepublish: () => ['install'],
  add: (specs) => ['add', ...specs],
  reinstall: () => ['install', '--immutable'],
  lockfile: 'yarn.lock',
  locksItsOwnArchives: true, // and not the registry's tarballs
  whoami: () => ['npm', 'whoami'],
  tagAdd: (spec, tag) => ['npm', 'tag', 'add', spec, tag],
  tagList: (name) => ['npm', 'tag', 'list', name],
  tagRemove: (name, tag) => ['npm', 'tag', 'remove', name, tag],
  audit: () => ['npm', 'audit'],
  view: (spec) => ['npm', 'info', '--json', spec],
};

const bun = {
  files: (registry, token) => ({ '.npmrc': npmrc(registry, token) }),
  publish: ({ tag, access }) => [
    'publish',
    ...(tag ? ['--tag', tag] : []),
    ...(access ? ['--access', access] : []),
  ],
  add: (specs) => ['add', ...specs],
  reinstall: () => ['install', '--frozen-lockfile'],
  lockfile: 'bun.lock',
  whoami: () => ['pm', 'whoami'],
  audit: () => ['audit'],
};

export const clients = [
  { name: 'npm11', command: [node, inModules('npm11/bin/npm-cli.js')], ...npmLike },
  { name: 'npm10', command: [node, inModules('npm10/bin/npm-cli.js')], ...npmLike },
  { name: 'pnpm12', command: [inModules('@pnpm/exe.linux-x64/pnpm')], ...pnpmLike },
  { name: 'yarn1', command: [node, inModules('yarn1/bin/yarn.js')], ...yarn1 },
  { name: 'yarn4', command: [node, inModules('@yarnpkg/cli-dist/bin/yarn.js')], ...yarn4 },
  { name: 'bun', command: [inModules('@oven/bun-linux-x64-baseline/bin/bun')], ...bun },
];

// One user's workplace with one client against one registry.
export class Workplace {
  constructor(client, dir, registry, token) {
    Object.assign(this, { client, dir, registry, token, home: path.join(dir, 'home') });
  }

  environment() {
    const keep = Object.fromEntries(
      Object.entries(process.env).filter(([k]) => !/^(npm_|pnpm_|yarn_|bun_|node_env|ci$)/i.test(k)),
    );
    const inHome = (name) => path.join(this.home, name);
    return {
      ...keep,
      PATH: `${path.dirname(this.client.command.at(-1))}:${process.env.PATH}`,
      HOME: this.home,
      XDG_CONFIG_HOME: inHome('.config'),
      XDG_DATA_HOME: inHome('.local'),
      XDG_CACHE_HOME: inHome('.cache'),
      npm_config_cache: inHome('.npm-cache'),
      npm_config_userconfig: inHome('.npmrc'),
      npm_config_globalconfig: inHome('global-npmrc'),
      PNPM_HOME: inHome('pnpm'),
      YARN_CACHE_FOLDER: inHome('yarn-cache'),
      YARN_ENABLE_TELEMETRY: '0',
      YARN_IGNORE_PATH: '1',
      BUN_INSTALL_CACHE_DIR: inHome('bun-cache'),
      NO_COLOR: '1',
    };
  }

  // A project folder with the client's own configuration in it.
  async project(name, manifest, files = {}) {
    const dir = path.join(this.dir, name);
    const all = {
      'package.json': JSON.stringify(manifest, null, 2),
      ...this.client.files(this.registry, this.token),
      ...files,
    };
    await mkdir(this.home, { recursive: true });
    for (const [file, text] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), text);
    }
    return dir;
  }

  run(args, cwd, options = {}) {
    const [command, ...first] = this.client.command;
    return run(command, [...first, ...args], { cwd, env: this.environment(), ...options });
  }

  ok(args, cwd, options = {}) {
    const [command, ...first] = this.client.command;
    return runOk(command, [...first, ...args], { cwd, env: this.environment(), ...options });
  }

  // Forgets everything downloaded so far, and what is installed in `project`.
  async forget(project) {
    const caches = ['.npm-cache', '.cache', '.local', 'yarn-cache', 'bun-cache', 'pnpm', '.yarn'];
    for (const name of caches) await rm(path.join(this.home, name), { recursive: true, force: true });
    await rm(path.join(project, 'node_modules'), { recursive: true, force: true });
  }
}
