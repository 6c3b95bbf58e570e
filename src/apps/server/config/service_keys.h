#pragma once
// The keys of the limits of requests, of Ori, of courses and of the archive processor. Rows RL-01,
// RL-04, ORI-07, PRG-03, ORI-20. Part of keys.cc.
#include "apps/server/config/checks.h"
#include "apps/server/config/slots.h"

namespace kontor::config {

template <auto Group>
Slot rate_requests(Config& config) {
  return to_slot((config.rate_limit.*Group).max_requests);
}
template <auto Group>
Slot rate_window(Config& config) {
  return to_slot((config.rate_limit.*Group).window_ms);
}

inline constexpr std::int64_t kMostRequests = 1'000'000'000;
inline constexpr std::int64_t kLongestWindow = 86'400'000;

// Each limit holds for an address and for a credential at once, and the stricter one answers 429.
inline constexpr Key kServiceKeys[] = {
    {.path = "rateLimit.npmRead.maxRequests",
     .slot = rate_requests<&RateLimitConfig::npm_read>,
     .doc = "Reads of the npm API within the window, for each address and for each credential. A "
            "whole window's worth may come at once; then they are admitted evenly. 0 means no "
            "limit.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.npmRead.windowMs",
     .slot = rate_window<&RateLimitConfig::npm_read>,
     .doc = "The window of `rateLimit.npmRead.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.npmWrite.maxRequests",
     .slot = rate_requests<&RateLimitConfig::npm_write>,
     .doc = "Writes of the npm API, logins among them; as `rateLimit.npmRead.maxRequests`.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.npmWrite.windowMs",
     .slot = rate_window<&RateLimitConfig::npm_write>,
     .doc = "The window of `rateLimit.npmWrite.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.ori.maxRequests",
     .slot = rate_requests<&RateLimitConfig::ori>,
     .doc = "Requests to the Ori API with a credential; as `rateLimit.npmRead.maxRequests`.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.ori.windowMs",
     .slot = rate_window<&RateLimitConfig::ori>,
     .doc = "The window of `rateLimit.ori.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.oriAnonymous.maxRequests",
     .slot = rate_requests<&RateLimitConfig::ori_anonymous>,
     .doc = "Requests to the Ori API without a credential, for each address; as "
            "`rateLimit.npmRead.maxRequests`.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.oriAnonymous.windowMs",
     .slot = rate_window<&RateLimitConfig::ori_anonymous>,
     .doc = "The window of `rateLimit.oriAnonymous.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.progyPublish.maxRequests",
     .slot = rate_requests<&RateLimitConfig::progy_publish>,
     .doc = "Versions of courses that one user may publish within the window. Refused publishes do "
            "not count. 0 means no limit.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.progyPublish.windowMs",
     .slot = rate_window<&RateLimitConfig::progy_publish>,
     .doc = "The window of `rateLimit.progyPublish.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.progyDownload.maxRequests",
     .slot = rate_requests<&RateLimitConfig::progy_download>,
     .doc = "Downloads of courses that one address may begin within the window. 0 means no limit.",
     .max = kMostRequests,
     .apply = Apply::reload},
    {.path = "rateLimit.progyDownload.windowMs",
     .slot = rate_window<&RateLimitConfig::progy_download>,
     .doc = "The window of `rateLimit.progyDownload.maxRequests` in milliseconds.",
     .min = 1,
     .max = kLongestWindow,
     .apply = Apply::reload},
    {.path = "rateLimit.shared",
     .slot = at<&Config::rate_limit, &RateLimitConfig::shared>,
     .doc = "Whether servers that share a metadata store count together: each second they tell "
            "each other what they have admitted. What was counted then also survives a restart, as "
            "limits of windows longer than a minute always do."},
    {.path = "ori.cdnUrl",
     .slot = at<&Config::ori, &OriConfig::cdn_url>,
     .doc =
         "Where clients fetch public archives of Ori: downloads are answered 302 with this URL and "
         "the archive's path below it, `/ori/sha256/aa/bb/<sha256>.ori.tar.gz`, as it is in the "
         "data directory below `blobs` and in the bucket of a worker. Private archives are sent "
         "from "
         "here all the same. Empty means that all are.",
     .apply = Apply::reload,
     .check = check_public_url},
    {.path = "progy.programs",
     .slot = at<&Config::progy, &ProgyConfig::programs>,
     .doc =
         "What happens to a course that holds programs for a machine (ELF, PE, Mach-O): `allow`, "
         "`warn` in the answer to its publisher, or `reject`.",
     .apply = Apply::reload},
    {.path = "progy.allowForce",
     .slot = at<&Config::progy, &ProgyConfig::allow_force>,
     .doc = "Whether administrators may put another artifact in the place of a published version "
            "(`progy publish --force`). Each time is told in the transparency log, and the old "
            "bytes are kept.",
     .apply = Apply::reload},
    {.path = "progy.legacyCourses",
     .slot = at<&Config::progy, &ProgyConfig::legacy_courses>,
     .doc =
         "Courses that lie in git repositories still, as the JSON text that Progy's worker has in "
         "its variable `COURSES`: `{\"rust\": {\"repo\": ..., \"branch\": ..., \"path\": ..., "
         "\"description\": ...}}`. Students' `progy init` falls back to them for names that the "
         "registry does not have. Empty means none.",
     .check = check_course_map,
     .environment = {"COURSES"}},
    {.path = "purchases.stripeKey",
     .slot = at<&Config::purchases, &PurchasesConfig::stripe_key>,
     .doc = "Secret key of the Stripe account that takes payments for courses. Empty means that "
            "nothing can be paid for; prices count all the same.",
     .visibility = Visibility::secret,
     .environment = {"STRIPE_SECRET_KEY"}},
    {.path = "purchases.stripeWebhookSecret",
     .slot = at<&Config::purchases, &PurchasesConfig::stripe_webhook_secret>,
     .doc = "Secret of the webhook endpoint `/billing/webhook` in that account; messages that are "
            "not signed by it are refused.",
     .visibility = Visibility::secret,
     .environment = {"STRIPE_WEBHOOK_SECRET"}},
    {.path = "purchases.stripeUrl",
     .slot = at<&Config::purchases, &PurchasesConfig::stripe_url>,
     .doc = "Where Stripe's API is asked.",
     .check = check_public_url},
    {.path = "git.apiUrl",
     .slot = at<&Config::git, &GitConfig::api_url>,
     .doc = "API of the git host that students connect their accounts with: "
            "`https://api.github.com`, or `https://HOST/api/v1` of a Gitea or Forgejo. Empty means "
            "none.",
     .check = check_public_url},
    {.path = "git.clientId",
     .slot = at<&Config::git, &GitConfig::client_id>,
     .doc = "Id of this registry as an OAuth application of that host, whose callback address is "
            "`<publicUrl>/git/callback`: students connect by a page of the host. Empty means that "
            "they connect by tokens only."},
    {.path = "git.clientSecret",
     .slot = at<&Config::git, &GitConfig::client_secret>,
     .doc = "Secret of that application.",
     .visibility = Visibility::secret},
    {.path = "processor.workers",
     .slot = at<&Config::processor, &ProcessorConfig::workers>,
     .doc = "Processes that inspect uploaded archives, without network, files or much memory; one "
            "that dies of an archive is replaced. 0 inspects in the server's own process, which "
            "saves memory on tiny hosts.",
     .max = 64},
};

}  // namespace kontor::config
