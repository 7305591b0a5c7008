/** How the agent is started: absolute paths, no secrets. */
export interface AgentStart {
  readonly node: string;
  /** The program `rootcellar`. */
  readonly program: string;
  readonly configFolder: string;
}

export const UNIT_NAME = 'rootcellar-agent.service';

/** A unit of the user's own systemd (systemd.unit(5), systemd.service(5)). */
export function systemdUnit({ node, program, configFolder }: AgentStart): string {
  return `# Written by \`rootcellar agent install\`; \`rootcellar agent uninstall\` removes it.
[Unit]
Description=Rootcellar: keeps app packages and backups that turn up in folders
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${[quoted(node), ...[program, 'agent', 'run'].map(argument)].join(' ')}
# Settings and the sign-in lie there; nothing secret stands in this file.
Environment=${quoted(`ROOTCELLAR_CONFIG=${configFolder}`)}
Restart=always
RestartSec=30
# Ends by itself within a moment of SIGTERM; what was sent before is not sent again.
TimeoutStopSec=30
# Whoever sits at this computer goes first.
Nice=10
IOSchedulingClass=idle
UMask=0077
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`;
}

/** One word, whatever is in it: C escapes inside of quotes, and no specifiers. */
function quoted(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replaceAll('%', '%%')}"`;
}

/** In what follows the program variables are replaced, too. */
function argument(word: string): string {
  return quoted(word).replaceAll('$', () => '$$');
}
