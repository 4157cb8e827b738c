import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const day = 24 * 60 * 60 * 1000;

/** Makes a certificate for this machine's loopback addresses, valid for 30 days, that signs itself. */
export async function createLoopbackCertificate(): Promise<Certificate> {
  // Where two trusted certificates have the same name, OpenSSL looks at one of them only.
  const pems = await generate([{ name: 'commonName', value: `loopback ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 30 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}
