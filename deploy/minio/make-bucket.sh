#!/bin/sh
# One-shot: the bucket, and a user who may do with it what deploy/minio/policy.json says and nothing else. Changes nothing that is right.
set -eu

# The shell's own `read`: the image has few programs. The files end without a newline.
secret() {
  read -r value < "/run/secrets/$1" || [ -n "$value" ]
  printf '%s' "$value"
}

# In the environment, not among the arguments, which others can see.
MC_HOST_store="http://$(secret minio-root-user):$(secret minio-root-password)@minio:9000"
export MC_HOST_store

mc mb --ignore-existing store/rootcellar
mc anonymous set none store/rootcellar
mc admin policy create store rootcellar /deploy/policy.json
printf '%s\n%s\n' "$(secret s3-access-key)" "$(secret s3-secret-key)" | mc admin user add store
# It refuses what is so already.
mc admin policy attach store rootcellar --user "$(secret s3-access-key)" \
  || mc admin user info store "$(secret s3-access-key)" | grep -q rootcellar
