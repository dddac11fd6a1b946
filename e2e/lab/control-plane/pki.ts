import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process.ts';

/** A certificate and its private key, as PEM files. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** Whom a certificate speaks for. `groups` become the subject's organizations. */
export interface Identity {
  name: string;
  groups?: readonly string[];
  /** Subject alternative names, `DNS:...` or `IP:...`; with them the certificate may serve. */
  names?: readonly string[];
}

/** The lab's certificate authorities and key files below one directory. Keys are P-256. */
export class Pki {
  readonly dir: string;
  readonly ca: KeyPair;
  /** Signs the API server's identity towards extension API servers. */
  readonly frontProxyCa: KeyPair;
  /** Signs service-account tokens. */
  readonly serviceAccount: { privateKey: string; publicKey: string };

  private constructor(dir: string) {
    this.dir = dir;
    this.ca = this.pair('ca');
    this.frontProxyCa = this.pair('front-proxy-ca');
    this.serviceAccount = { privateKey: join(dir, 'sa.key'), publicKey: join(dir, 'sa.pub') };
  }

  /** Opens the directory, making both authorities and the service-account key on first use. */
  static async open(dir: string): Promise<Pki> {
    const pki = new Pki(dir);
    if (existsSync(pki.serviceAccount.publicKey)) return pki;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(pki.config, '[req]\ndistinguished_name=dn\n[dn]\n');
    await Promise.all([
      pki.authority(pki.ca, 'kubernetes'),
      pki.authority(pki.frontProxyCa, 'front-proxy-ca'),
      pki.serviceAccountKey(),
    ]);
    return pki;
  }

  /** Issues (or returns the already issued) certificate kept under `file`. */
  async issue(file: string, identity: Identity, ca: KeyPair = this.ca): Promise<KeyPair> {
    const pair = this.pair(file);
    if (existsSync(pair.cert)) return pair;
    const names = identity.names ?? [];
    const subject = [...(identity.groups ?? []).map((g) => `/O=${g}`), `/CN=${identity.name}`].join('');
    await this.request(pair, subject, [
      '-CA',
      ca.cert,
      '-CAkey',
      ca.key,
      ...extension('basicConstraints=critical,CA:FALSE'),
      ...extension('keyUsage=critical,digitalSignature,keyEncipherment'),
      ...extension(`extendedKeyUsage=clientAuth${names.length > 0 ? ',serverAuth' : ''}`),
      ...(names.length > 0 ? extension(`subjectAltName=${names.join(',')}`) : []),
    ]);
    return pair;
  }

  private get config(): string {
    return join(this.dir, 'openssl.cnf');
  }

  private pair(file: string): KeyPair {
    return { cert: join(this.dir, `${file}.crt`), key: join(this.dir, `${file}.key`) };
  }

  private async authority(pair: KeyPair, name: string): Promise<void> {
    await this.request(pair, `/CN=${name}`, [
      ...extension('basicConstraints=critical,CA:TRUE'),
      ...extension('keyUsage=critical,keyCertSign,cRLSign,digitalSignature'),
      ...extension(`subjectAltName=DNS:${name}`),
    ]);
  }

  private async request(pair: KeyPair, subject: string, more: readonly string[]): Promise<void> {
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', pair.key];
    const fixed = ['req', '-x509', '-config', this.config, '-days', '3650', ...newKey];
    await run('openssl', [...fixed, '-subj', subject, '-out', pair.cert, ...more]);
  }

  private async serviceAccountKey(): Promise<void> {
    const { privateKey, publicKey } = this.serviceAccount;
    await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', privateKey]);
    await run('openssl', ['ec', '-in', privateKey, '-pubout', '-out', publicKey]);
  }
}

function extension(text: string): string[] {
  return ['-addext', text];
}
