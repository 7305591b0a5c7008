/** Behind `#`, where browsers send it to nobody: not to a proxy's log, nor to a site that is linked to. */
export function invitationLink(address: string, token: string): string {
  return `${address}/invitation#${token}`;
}
