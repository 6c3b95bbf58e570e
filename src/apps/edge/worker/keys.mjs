// The platform's ECDSA on P-256, with a secret that the module has: PrivateKeyInfo in DER.
const curve = { name: 'ECDSA', namedCurve: 'P-256' };

const secretKey = (der) => crypto.subtle.importKey('pkcs8', der, curve, true, ['sign']);

// Its public half, as SubjectPublicKeyInfo in DER.
export async function publicHalf(der) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', await secretKey(der));
  const half = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, curve, true, ['verify']);
  return new Uint8Array(await crypto.subtle.exportKey('spki', half));
}

// Both numbers of the signature, one behind the other.
export async function sign(der, text) {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return new Uint8Array(await crypto.subtle.sign(algorithm, await secretKey(der), text));
}
