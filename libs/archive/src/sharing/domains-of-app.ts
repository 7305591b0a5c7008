export { appOfDomain, isDomainOf } from '@rootcellar/ios';
