import { prepared } from '../connection/prepared.js';
import { chunkOf, splitDigests } from '../sql.js';

export const LOCK_HOUSEHOLD = prepared(
  'lock_household',
  'select from household where id = $1 for no key update',
);

export const GO_LIVE = prepared(
  'go_live',
  `with changed as (
    update pack set state = 'live', epoch = epoch + 1, state_since = now(), size = $2, sha256 = $3, chunks = $4, payload = $6
    where id = $1 and state = 'uploading' returning id),
  pinned as (
    insert into upload_pack (upload_id, pack_id)
    select upload.id, changed.id from changed, upload where upload.id = any($5::uuid[]) and upload.state = 'open'
    on conflict do nothing)
  select id from changed`,
);

export const KNOWN_ELSEWHERE = prepared(
  'known_elsewhere',
  `with want as materialized ${splitDigests('$2')},
    hit as materialized (
      select want.at, chunk.pack_id from want cross join ${chunkOf('want', '$1')}),
    seen as materialized (
      select id, state from pack where id in (select distinct pack_id from hit) order by id for share)
  select hit.at, seen.id, seen.state from hit join seen on seen.id = hit.pack_id`,
);

export const INSERT_CHUNKS = prepared(
  'insert_chunks',
  `with entry as materialized (
    select substr($3::bytea, (n - 1)::int * 32 + 1, 32) as id, e.*
    from unnest($4::int[], $5::int[], $6::int[], $7::smallint[], $8::smallint[])
      with ordinality as e ("offset", sealed_length, plain_length, kind, codec, n)),
  counter as (
    update household set next_ordinal = next_ordinal + cardinality($4::int[])
    where id = $1 returning next_ordinal - cardinality($4::int[]) as first),
  weighed as (
    insert into chunk_weights (household_id, first, weights) select $1, counter.first, $9 from counter)
  insert into chunk (household_id, id, ordinal, pack_id, "offset", sealed_length, plain_length, kind, codec)
  select $1, entry.id, counter.first + entry.n - 1, $2, entry."offset", entry.sealed_length,
    entry.plain_length, entry.kind, entry.codec
  from entry cross join counter
  on conflict (household_id, id) do update set
    ordinal = excluded.ordinal, pack_id = excluded.pack_id, "offset" = excluded."offset",
    sealed_length = excluded.sealed_length, plain_length = excluded.plain_length, kind = excluded.kind, codec = excluded.codec`,
);
