import type { Database } from '@rootcellar/catalog';
import { holdOf, planOf } from './rollback-rows.js';
import { jobOf, uploadOf } from './work-rows.js';
import { APP, PEOPLE, ROLES, digestOf, freshId } from './things.js';
import type { Marker, ObjectKind, Person, Relation } from './things.js';

type Members = Readonly<Record<Person, string>>;
const HOUSE = ['ada', 'bob', 'kim'] as const;
const SOMEBODYS = ['snapshot', 'artifact', 'device', 'upload', 'app', 'hold', 'alert'] as const;

/** Of whom is what a person may not read. */
const OTHER = { ada: 'bob', bob: 'ada', kim: 'bob', eve: 'bob' } as const;

/** Puts everybody's things beside the ones that were really pushed, as rows of the same chunks. */
export class Rows {
  readonly markers: Marker[] = [];
  readonly #database: Database;
  readonly #kept: { readonly snapshotId: string; readonly artifactId: string };
  readonly #things = new Map<string, string>();
  #households: Readonly<Record<Person, string>> = { ada: '', bob: '', kim: '', eve: '' };
  #members: Members = { ada: '', bob: '', kim: '', eve: '' };
  #bytes = 7_310_000_001;
  #udids = 0;

  constructor(
    database: Database,
    kept: { readonly snapshotId: string; readonly artifactId: string },
  ) {
    this.#database = database;
    this.#kept = kept;
  }

  async people(): Promise<Members> {
    const [ada] = await this.#rows<{ id: string; household: string }>(
      'select id, household_id as household from member',
    );
    const home = ada?.household ?? '';
    const elsewhere = freshId();
    await this.#run(
      `insert into household (id, name, time_zone, wrapped_key) select $1, 'Elsewhere', 'UTC', wrapped_key from household`,
      [elsewhere],
    );
    this.#households = { ada: home, bob: home, kim: home, eve: elsewhere };
    const members: Record<Person, string> = { ada: ada?.id ?? '', bob: '', kim: '', eve: '' };
    for (const person of PEOPLE.filter((one) => one !== 'ada')) {
      members[person] = freshId();
      await this.#run(
        `with account as (
            insert into account (id, email, name, password_hash)
              select $1, $2, $3, password_hash from account order by created_at limit 1 returning id)
          insert into member (id, household_id, account_id, name, role)
            select id, $4, id, $3, $5 from account`,
        [members[person], `${person}@example.org`, person, this.#households[person], ROLES[person]],
      );
    }
    return members;
  }

  async things(members: Members): Promise<ReadonlyMap<string, string>> {
    this.#members = members;
    for (const person of PEOPLE) {
      const own = await this.#device(person, [person]);
      this.#put('device', person, 'own', own);
      this.#put('snapshot', person, 'own', await this.#snapshot(person, own, [person]));
      const held = await holdOf(this.#database, {
        ...{ device: own, household: this.#households[person], owner: person },
        member: this.#members[person],
      });
      this.#put('hold', person, 'own', held.hold);
      this.#put('alert', person, 'own', held.alert);
      this.#mark('id', [person], held.hold, held.alert);
      this.#mark('name', [person], held.bundleId);
      const artifact = await this.#artifact(person, [person]);
      this.#put('artifact', person, 'own', artifact.id);
      this.#put('app', person, 'own', artifact.bundleId);
      this.#put('upload', person, 'own', await this.#upload(person));
      await this.#planned(person, own);
      const job = await this.#job(person);
      for (const one of HOUSE) if (person === 'ada') this.#put('job', one, 'own', job);
      if (person === 'eve') {
        for (const one of HOUSE) this.#put('job', one, 'foreign', job);
        this.#put('job', 'eve', 'own', job);
      }
    }
    for (const person of PEOPLE) await this.#peoplesThings(person);
    await this.#wideThings();
    await this.#sharedThings();
    for (const kind of SOMEBODYS) {
      for (const person of HOUSE) {
        this.#put(kind, person, 'other', this.#get(kind, OTHER[person]));
        this.#put(kind, person, 'foreign', this.#get(kind, 'eve'));
      }
      this.#put(kind, 'eve', 'foreign', this.#get(kind, 'bob'));
    }
    return this.#things;
  }

  /** A rollback plan of one's own, which names an app and a file of it. */
  async #planned(owner: Person, device: string): Promise<void> {
    const id = freshId();
    const secret = `com.secret.planned-by-${owner}`;
    await planOf(this.#database, {
      ...{ id, device, household: this.#households[owner], member: this.#members[owner] },
      bundleId: secret,
    });
    this.#put('rollback-plan', owner, 'own', id);
    for (const person of HOUSE) {
      if (OTHER[person] === owner) this.#put('rollback-plan', person, 'other', id);
      if (owner === 'eve') this.#put('rollback-plan', person, 'foreign', id);
    }
    if (owner === 'bob') this.#put('rollback-plan', 'eve', 'foreign', id);
    this.#mark('id', [owner], id);
    this.#mark('name', [owner], secret);
  }

  /** Who they are, an invitation to their household, and tokens: one a relation, as each is revoked. */
  async #peoplesThings(person: Person): Promise<void> {
    const relations = {
      own: person,
      other: OTHER[person],
      foreign: person === 'eve' ? 'bob' : 'eve',
    };
    for (const [relation, whose] of Object.entries(relations) as [Relation, Person][]) {
      if (person === 'eve' && relation === 'other') continue;
      this.#put('member', person, relation, this.#members[whose]);
      this.#put('token', person, relation, await this.#token(whose));
      if (relation !== 'other')
        this.#put('invitation', person, relation, await this.#invitation(whose));
    }
  }

  async #token(whose: Person): Promise<string> {
    const id = freshId();
    await this.#run(
      `insert into credential (id, account_id, member_id, name, token_hash, api_token)
        select $1, account_id, id, $2, $3, true from member where id = $4`,
      [id, `token-${id}`, digestOf(id), this.#members[whose]],
    );
    this.#mark('id', [whose, whose === 'eve' ? 'eve' : 'ada'], id);
    return id;
  }

  async #invitation(whose: Person): Promise<string> {
    const id = freshId();
    const by = whose === 'eve' ? 'eve' : 'ada';
    await this.#run(
      `insert into invitation (id, household_id, invited_by, member_id, role, name, token_hash, expires_at)
        select $1, household_id, account_id, id, 'member', $2, $3, now() + interval '1 day' from member where id = $4`,
      [id, `invited-${id}`, digestOf(id), this.#members[by]],
    );
    this.#mark('id', [by], id);
    return id;
  }

  /** The family's tablet, and the library's package. */
  async #wideThings(): Promise<void> {
    const tablet = await this.#device(undefined, HOUSE);
    const snapshot = await this.#snapshot('bob', tablet, HOUSE, { wide: true });
    for (const person of HOUSE) {
      this.#put('device', person, 'wide', tablet);
      this.#put('snapshot', person, 'wide', snapshot);
      this.#put('artifact', person, 'wide', this.#kept.artifactId);
      this.#put('app', person, 'wide', 'com.example.library');
    }
  }

  /** Each has something of another's: all of one snapshot, an app of another, a private package. */
  async #sharedThings(): Promise<void> {
    for (const person of HOUSE) {
      const giver = OTHER[person];
      const device = await this.#device(giver, [giver, person]);
      const whole = await this.#snapshot(giver, device, [giver, person]);
      const part = await this.#snapshot(giver, device, [giver], { idSeenBy: [giver, person] });
      const artifact = await this.#artifact(giver, [giver, person]);
      const share = await this.#share(whole, person);
      await this.#share(part, person, APP);
      await this.#share(artifact.id, person);
      this.#put('snapshot', person, 'shared', whole);
      this.#put('snapshot', person, 'part', part);
      this.#put('artifact', person, 'shared', artifact.id);
      this.#put('app', person, 'shared', artifact.bundleId);
      this.#put('share', person, 'shared', share);
      this.#put('share', person, 'other', await this.#shareOfOthers(person));
    }
    this.#put('share', 'eve', 'foreign', this.#get('share', 'kim', 'shared'));
  }

  async #shareOfOthers(person: Person): Promise<string> {
    const [giver = 'bob', receiver = 'kim'] = HOUSE.filter((one) => one !== person);
    const seenBy = [giver, receiver];
    const device = await this.#device(giver, seenBy);
    return this.#share(await this.#snapshot(giver, device, seenBy), receiver);
  }

  async #device(owner: Person | undefined, seenBy: readonly Person[]): Promise<string> {
    const id = freshId();
    this.#udids += 1;
    const name = `phone-no-${String(this.#udids)}-of-${owner ?? 'all'}`;
    const udid = `00008110-${String(this.#udids).padStart(16, '0')}`;
    const whose = owner === undefined ? null : this.#members[owner];
    await this.#run(
      'insert into device (id, household_id, owner_id, udid, name) values ($1, $2, $3, $4, $5)',
      [id, this.#households[owner ?? 'bob'], whose, udid, name],
    );
    this.#mark('id', seenBy, udid);
    this.#mark('device', seenBy, name);
    return id;
  }

  async #snapshot(
    owner: Person,
    device: string,
    seenBy: readonly Person[],
    { wide = false, idSeenBy = seenBy }: { wide?: boolean; idSeenBy?: readonly Person[] } = {},
  ): Promise<string> {
    const id = await this.#root(this.#kept.snapshotId, owner, seenBy, wide || null);
    await this.#run(
      `insert into snapshot (id, household_id, device_id, taken_at, files, encrypted, complete, facts, device_name)
        select $1, $2, $3, taken_at, files, false, true, facts, (select name from device where id = $3)
        from snapshot where id = $4`,
      [id, this.#households[owner], device, this.#kept.snapshotId],
    );
    await this.#run(
      `insert into installed_app (snapshot_id, bundle_id) values ($1, $2), ($1, $3)`,
      [id, APP, `com.secret.in-${id}`],
    );
    this.#mark('name', seenBy, `com.secret.in-${id}`);
    this.#mark('id', idSeenBy, id);
    return id;
  }

  /** A private package. */
  async #artifact(
    owner: Person,
    seenBy: readonly Person[],
  ): Promise<{ readonly id: string; readonly bundleId: string }> {
    const id = await this.#root(this.#kept.artifactId, owner, seenBy, false);
    const bundleId = `com.secret.${id}`;
    await this.#run(
      `with app as (insert into app (id, household_id, bundle_id, name) values ($1, $2, $3, $4) returning id),
          version as (insert into app_version (id, app_id, identity, version) select id, id, 'v', '6.6' from app returning id)
        insert into artifact (id, household_id, app_version_id, sha256, size, file_name, facts)
          select $1, $2, version.id, $5, size, $6, facts from artifact, version where artifact.id = $7`,
      [
        ...[id, this.#households[owner], bundleId, `Secret app ${id}`],
        ...[digestOf(id), `secret-${id}.ipa`, this.#kept.artifactId],
      ],
    );
    this.#mark('name', seenBy, bundleId, `Secret app ${id}`, `secret-${id}.ipa`);
    this.#mark('id', seenBy, id);
    return { id, bundleId };
  }

  async #root(
    like: string,
    owner: Person,
    seenBy: readonly Person[],
    wide: boolean | null,
  ): Promise<string> {
    const id = freshId();
    this.#bytes += 1_111;
    await this.#run(
      `insert into root (id, household_id, member_id, kind, manifest, tree, chunk_set, entries, bytes, new_bytes, stored_bytes,
          household_wide)
        select $1, $2, $3, kind, manifest, tree, chunk_set, entries, $4, $4, $4, $5 from root where id = $6`,
      [id, this.#households[owner], this.#members[owner], this.#bytes, wide, like],
    );
    if (owner !== 'eve')
      await this.#run(
        'insert into root_pack (root_id, pack_id) select $1, pack_id from root_pack where root_id = $2',
        [id, like],
      );
    this.#mark('size', seenBy, String(this.#bytes));
    return id;
  }

  async #share(rootId: string, receiver: Person, bundleId: string | null = null): Promise<string> {
    const id = freshId();
    await this.#run(
      `insert into share (id, household_id, root_id, bundle_id, receiver_id, until)
        values ($1, $2, $3, $4, $5, now() + interval '1 day')
        on conflict (root_id, receiver_id, coalesce(bundle_id, '')) where ended_at is null do nothing`,
      [id, this.#households[receiver], rootId, bundleId, this.#members[receiver]],
    );
    const [share] = await this.#rows<{ id: string }>(
      'select id from share where root_id = $1 and receiver_id = $2',
      [rootId, this.#members[receiver]],
    );
    return share?.id ?? '';
  }

  async #upload(person: Person): Promise<string> {
    const whose = { household: this.#households[person], member: this.#members[person] };
    const id = await uploadOf(this.#database, whose);
    this.#mark('id', [person], id);
    return id;
  }

  async #job(person: Person): Promise<string> {
    const id = await jobOf(this.#database, this.#households[person]);
    this.#mark('id', person === 'eve' ? ['eve'] : ['ada'], id);
    return id;
  }

  #mark(kind: Marker['kind'], seenBy: readonly Person[], ...texts: readonly string[]): void {
    for (const text of texts) {
      const known = this.markers.find((marker) => marker.text === text);
      if (known === undefined) this.markers.push({ text, kind, seenBy });
    }
  }

  #put(kind: ObjectKind, person: Person, relation: Relation, id: string): void {
    this.#things.set(`${kind} ${person} ${relation}`, id);
  }

  #get(kind: ObjectKind, person: Person, relation: Relation = 'own'): string {
    return this.#things.get(`${kind} ${person} ${relation}`) ?? '';
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<void> {
    await this.#database.query(sql, [...parameters]);
  }

  async #rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#database.query<Row[]>(sql, [...parameters]);
  }
}
