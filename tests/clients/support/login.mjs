// The person's half of a login: the browser's form, and what a client prints.
// Fills in and sends the login page's form as a browser would.
export async function approve(loginUrl, name, password) {
  const page = await (await fetch(loginUrl)).text();
  const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? loginUrl;
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    fields.set(/name="([^"]*)"/.exec(input)[1], /value="([^"]*)"/.exec(input)[1]);
  }
  fields.set('name', name);
  fields.set('password', password);
  return fetch(new URL(action, loginUrl), {
    method: 'POST',
    headers: { origin: new URL(loginUrl).origin },
    body: fields,
  });
}

// Waits until the child has printed something that matches.
export function printed(child, pattern) {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (chunk) => {
      seen += chunk;
      const match = pattern.exec(seen);
      if (match) resolve(match);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('close', () => reject(new Error(`ended without ${pattern}:\n${seen}`)));
  });
}
