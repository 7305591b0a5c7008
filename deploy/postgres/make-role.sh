#!/bin/sh
# Runs once, when the image makes a new cluster: a role for Rootcellar that owns its database and is no super user.
set -eu

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat /run/secrets/database-password`
create role rootcellar login password :'password';
create database rootcellar owner rootcellar;
revoke all on database rootcellar from public;
SQL
