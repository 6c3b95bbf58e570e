// A registry that says no is believed; only one that says nothing is stood in for.
#include "apps/cli/progy/course_fetch.h"

namespace kontor::cli::progy {

Outcome<Release> find_release(Desk& desk, RegistryApi& api, Cache& cache, const CourseSpec& spec) {
  const auto document = api.resolve(spec);
  if (document) {
    auto release = RegistryApi::release_in(*document, spec);
    if (release && spec.name.starts_with('@') && release->name.full() != spec.name)
      desk.warn(spec.name + " is called " + release->name.full() + " now.");
    if (const auto affected = advisory_words(*document); release && !affected.empty())
      desk.warn(release->name.full() + " " + release->version + " is " + affected + ".");
    return release;
  }
  if (document.error().code != Code::unavailable) return std::unexpected(document.error());
  const auto cached = cache.find(spec);
  if (!cached) {
    auto failure = document.error();
    failure.message += " " + cached.error().message;
    return std::unexpected(std::move(failure));
  }
  desk.warn(document.error().message + " Using the copy of " + cached->release.name.full() + " " +
            cached->release.version + " in the cache; there may be a newer version.");
  return cached->release;
}

}  // namespace kontor::cli::progy
