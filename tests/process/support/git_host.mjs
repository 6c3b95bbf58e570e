// A git host as Gitea is one: an API under /api/v1 that checks tokens, and bare repositories which a
// real git reaches over HTTP with the same token as its password (git http-backend).
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { atEnd, folder, run } from './kontor.mjs';

async function bytesOf(message) {
  const pieces = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces);
}

// The answer of a CGI program: headers, an empty line, a body.
function sendCgi(output, response) {
  const end = output.indexOf('\r\n\r\n');
  const headers = output.subarray(0, end).toString().split('\r\n').map((line) => line.split(/: (.*)/s));
  const status = headers.find(([name]) => name === 'Status');
  response.writeHead(
    status ? parseInt(status[1]) : 200,
    Object.fromEntries(headers.filter(([name]) => name !== 'Status').map(([name, value]) => [name, value])),
  );
  response.end(output.subarray(end + 4));
}

// Its OAuth: the page that asks a person, who is logged in and says yes or no, and the token for the
// code. As strict as RFC 6749 and RFC 7636 ask for; a code is good once.
function oauth({ client, tokens }) {
  const codes = new Map();
  return {
    authorize(query) {
      const { client_id: id, redirect_uri: back, state, ...rest } = query;
      if (!client || id !== client.id || back !== client.back) return [400, {}];
      const answer = new URL(back);
      answer.searchParams.set('state', state);
      if (rest.response_type !== 'code' || rest.code_challenge_method !== 'S256' || !rest.scope.split(' ').includes('write:repository'))
        answer.searchParams.set('error', 'invalid_request');
      else if (!client.login) answer.searchParams.set('error', 'access_denied');
      else {
        const code = randomUUID();
        codes.set(code, { challenge: rest.code_challenge, login: client.login });
        answer.searchParams.set('code', code);
      }
      return [302, {}, { location: String(answer) }];
    },
    token(form) {
      const { challenge, login } = codes.get(form.code) ?? {};
      codes.delete(form.code);
      const verified = createHash('sha256').update(form.code_verifier ?? '').digest('base64url');
      const known = form.client_id === client?.id && form.client_secret === client?.secret;
      if (!known) return [400, { error: 'invalid_client' }];
      if (form.grant_type !== 'authorization_code' || verified !== challenge || form.redirect_uri !== client.back)
        return [400, { error: 'unauthorized_client' }];
      const token = `oauth_${randomUUID()}`;
      tokens[token] = login;
      return [200, { access_token: token, token_type: 'bearer', expires_in: 3600 }];
    },
  };
}

// `tokens`: the login of each token that is good. `client`: the OAuth application it knows, {id, secret,
// back}, and who confirms its logins, `login`; nobody does where that is empty.
export async function startGitHost(t, tokens, client = null) {
  const { authorize, token } = oauth({ client, tokens });
  const root = await folder(t);
  const repositories = new Map();
  const seen = [];
  let base;

  async function create(login, wish) {
    const name = `${login}/${wish.name}`;
    if (repositories.has(name)) return [409, { message: 'The repository with the same name already exists.' }];
    const bare = path.join(root, `${name}.git`);
    const made = await run('git', ['init', '--bare', '-q', '-b', 'main', bare], {});
    if (made.code !== 0) throw new Error(made.stderr);
    await run('git', ['-C', bare, 'config', 'http.receivepack', 'true'], {});
    const repository = {
      name: wish.name,
      full_name: name,
      private: wish.private,
      empty: !wish.auto_init,
      clone_url: `${base}/${name}.git`,
      html_url: `${base}/${name}`,
    };
    repositories.set(name, repository);
    return [201, repository];
  }

  async function api(request, target) {
    const login = tokens[/^token (.+)$/.exec(request.headers.authorization ?? '')?.[1]];
    if (!login) return [401, { message: 'token is required' }];
    if (request.method === 'GET' && target === '/user') return [200, { id: 1, login }];
    const repository = /^\/repos\/([^/]+)\/([^/]+)$/.exec(target);
    if (request.method === 'GET' && repository) {
      const found = repositories.get(`${repository[1]}/${repository[2]}`);
      return found ? [200, found] : [404, { message: 'The target could not be found.' }];
    }
    if (request.method === 'POST' && target === '/user/repos')
      return create(login, JSON.parse(await bytesOf(request)));
    return [404, { message: 'Not found' }];
  }

  async function git(request, response, url) {
    const [, credentials = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const [user, token] = Buffer.from(credentials, 'base64').toString().split(':');
    if (!token || tokens[token] !== user || !url.pathname.startsWith(`/${user}/`)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' });
      return response.end();
    }
    const body = await bytesOf(request);
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method,
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: `${body.length}`,
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
        REMOTE_USER: user,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.end(body);
    sendCgi(await bytesOf(child.stdout), response);
  }

  const server = http.createServer((request, response) => {
    const url = new URL(request.url, base);
    seen.push(`${request.method} ${url.pathname}`);
    const prefix = '/api/v1';
    if (url.pathname === '/login/oauth/authorize') {
      const [status, body, headers] = authorize(Object.fromEntries(url.searchParams));
      response.writeHead(status, headers);
      return response.end(JSON.stringify(body));
    }
    if (url.pathname === '/login/oauth/access_token') {
      return bytesOf(request).then((form) => {
        const [status, body] = token(Object.fromEntries(new URLSearchParams(String(form))));
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    }
    const answered = url.pathname.startsWith(`${prefix}/`)
      ? api(request, url.pathname.slice(prefix.length)).then(([status, body]) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        })
      : git(request, response, url);
    answered.catch((error) => {
      response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  base = `http://127.0.0.1:${server.address().port}`;
  return { url: base, apiUrl: `${base}/api/v1`, repositories, seen, tokens, bare: (name) => path.join(root, `${name}.git`) };
}
