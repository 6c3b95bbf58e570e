#pragma once
// The configuration of a deployment on Cloudflare, rendered for wrangler.
#include <string>

namespace kontor::cli {

struct Deployment {
  std::string name = "kontor";
  bool staging = false;     // its own bucket and database, and a longer life in shared caches
  std::string public_url;   // under which clients reach it; empty: as they call it
  std::string origin;       // set: the worker is a cache in front of that server
  std::string settings;     // the text of a configuration file; empty: defaults
  std::string database_id;  // of D1; empty: wrangler finds or makes the database by its name
  std::string kv_id;        // of the KV namespace; empty: wrangler finds or makes it
};

// wrangler.json: bindings, variables, Durable Objects and how the files beside it are loaded.
// Secrets are no part of it.
std::string wrangler_config(const Deployment& deployment);

// What the worker is called where it runs.
std::string worker_name(const Deployment& deployment);

}  // namespace kontor::cli
