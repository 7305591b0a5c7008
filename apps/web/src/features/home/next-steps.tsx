import { Code, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from '../../parts/command.js';

/** From a fresh household to the first backup. */
export function NextSteps({ keepsServer }: { readonly keepsServer: boolean }): ReactNode {
  return (
    <ol className="steps" role="list">
      <li>
        <Title order={3}>Sign your computer in</Title>
        <Text c="dimmed">
          In a terminal, in the folder where Rootcellar was started. You approve it here.
        </Text>
        <Command
          name="the sign-in command"
          text={`npx rootcellar login --server ${window.location.origin}`}
        />
      </li>
      <li>
        <Title order={3}>Keep a backup</Title>
        <Text c="dimmed">
          Put the backup’s folder in place of the last words. Finder keeps backups in{' '}
          <Code>~/Library/Application Support/MobileSync/Backup</Code>, iTunes in{' '}
          <Code>%APPDATA%\Apple Computer\MobileSync\Backup</Code>.
        </Text>
        <Command name="the push command" text="npx rootcellar push" toFillIn="<backup-folder>" />
      </li>
      {keepsServer && (
        <li>
          <Title order={3}>Copy the master key</Title>
          <Text c="dimmed">
            The file <Code>master-key</Code> in Rootcellar’s data folder opens everything that is
            kept. Copy it to a safe place: without it nothing can be read, by anybody.
          </Text>
        </li>
      )}
    </ol>
  );
}
