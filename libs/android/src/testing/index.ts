export { buildApk, insertBlock, signingBlock } from './build-apk.js';
export type { ApkSpec } from './build-apk.js';
export { der, pkcs7Of, testCertificate } from './test-certificate.js';
export type { TestCertificate } from './test-certificate.js';
export { writeBinaryXml } from './write-binary-xml.js';
export type { XmlAttributeSource, XmlElementSource } from './write-binary-xml.js';
