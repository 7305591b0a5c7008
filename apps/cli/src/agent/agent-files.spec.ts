import { describe, expect, it } from '@jest/globals';
import { getArray, getBoolean, getDict, getString, parsePlist } from '@rootcellar/ios';
import type { PlistDict } from '@rootcellar/ios';
import { launchdPlist } from './launchd-plist.js';
import { systemdUnit } from './systemd-unit.js';

const START = {
  node: '/opt/node 24/bin/node',
  program: '/home/ada/100% "mine"/bin/rootcellar.mjs',
  configFolder: '/home/ada/$HOME/a\\b',
};

describe('what starts the agent', () => {
  it('with systemd names this Node, this program and these settings, whatever is in their paths', () => {
    const unit = systemdUnit(START);

    expect(unit).toContain(
      'ExecStart="/opt/node 24/bin/node" "/home/ada/100%% \\"mine\\"/bin/rootcellar.mjs" "agent" "run"\n',
    );
    expect(unit).toContain('Environment="ROOTCELLAR_CONFIG=/home/ada/$HOME/a\\\\b"\n');
    expect(unit).toMatch(/\nRestart=always\nRestartSec=30\n/);
  });

  it('with launchd is a property list that says the same', () => {
    const list = launchdPlist({ ...START, program: '/a <b> & c', log: '/tmp/log' });

    const dict = parsePlist(Buffer.from(list)) as PlistDict;
    expect(getString(dict, 'Label')).toBe('org.rootcellar.agent');
    expect(getArray(dict, 'ProgramArguments')).toEqual([
      ...[START.node, '/a <b> & c', 'agent', 'run'],
    ]);
    expect(getDict(dict, 'EnvironmentVariables')?.get('ROOTCELLAR_CONFIG')).toBe(
      START.configFolder,
    );
    expect([getBoolean(dict, 'KeepAlive'), getBoolean(dict, 'RunAtLoad')]).toEqual([true, true]);
  });
});
