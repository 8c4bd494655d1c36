/** A certificate with its private key, and who signed it; all PEM. */
export interface LoopbackCertificate {
  readonly cert: string;
  readonly key: string;
  /** The certificate to trust. */
  readonly authority: string;
}

/**
 * For servers of tests on localhost and 127.0.0.1. Its key is public and protects nothing. Made with openssl (prime256v1),
 * valid from 2020 to 2120.
 *
 * @example
 * ```ts
 * import { loopbackCertificate, startSmtpTestServer } from '@posthorn/testing';
 *
 * const server = await startSmtpTestServer({ tls: loopbackCertificate, users: { anna: 'secret' } });
 * // The account on it: smtp({ host: 'localhost', port: server.port, …, tls: { ca: loopbackCertificate.authority } })
 * await server.close();
 * ```
 */
export const loopbackCertificate: LoopbackCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmDCCAT+gAwIBAgIUHIdni0sYxlkALOO6vtz6i3fQgyAwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXUG9zdGhvcm4gdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAw
MDAwWhgPMjEyMDAxMDEwMDAwMDBaMBUxEzARBgNVBAMMCnJpZ2h0LnRlc3QwWTAT
BgcqhkjOPQIBBggqhkjOPQMBBwNCAAS926lpHxZqXmeoM1dNGf/jwDMO077NokWT
5UpTeCOrmshfVfeMuLG9E6eaaAwY5D256nncXAgk6NkqajM9kiYRo14wXDAaBgNV
HREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYEFHa8zfdOK71ajpHyncgh
3xEm1YR1MB8GA1UdIwQYMBaAFL1vAmTG/crhNQ38515asEZukZYoMAoGCCqGSM49
BAMCA0cAMEQCIBy+TKLSwZJHbcbSRNtzxunmYbqET70h2Fd/iSpWU9RxAiB2SqVD
SYExn2xaYaTXVY/1rm03wySP4mNtipPgQOE7Ow==
-----END CERTIFICATE-----`,
  key: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPFt8Rlzl9l9T42/E4U3+idErdya7e6fW/Az6TCPLDVeoAoGCCqGSM49
AwEHoUQDQgAEvdupaR8Wal5nqDNXTRn/48AzDtO+zaJFk+VKU3gjq5rIX1X3jLix
vROnmmgMGOQ9uep53FwIJOjZKmozPZImEQ==
-----END EC PRIVATE KEY-----`,
  authority: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUUh0bOdC25fScqj33xXszhf/4iK8wCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXUG9zdGhvcm4gdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAw
MDAwWhgPMjEyMDAxMDEwMDAwMDBaMCIxIDAeBgNVBAMMF1Bvc3Rob3JuIHRlc3Qg
YXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElnf1228xmWUnANtW
r+G83ALoDBziRO3eYEeAZsM7q/p6bm7ctIBPpXCPgAIik8WkCfNoF4KaQiT3v/do
vZgEjqNTMFEwHQYDVR0OBBYEFL1vAmTG/crhNQ38515asEZukZYoMB8GA1UdIwQY
MBaAFL1vAmTG/crhNQ38515asEZukZYoMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIgdSuavi8aoKYwxI2S4v49BGCI9SM0ZJkIqE2rFU+UKuwCIQDZ
UdxIwabEH5tw2lz8SqQNDhcVAuRwwY2kQcueYgln1Q==
-----END CERTIFICATE-----`,
};
