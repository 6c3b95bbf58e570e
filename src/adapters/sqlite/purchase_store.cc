// Prices and purchases; no answer of packages depends on them, so they renew no stamp.
#include "adapters/sqlite/purchase_store.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

ListedPurchase read_purchase(const Row& row) {
  ListedPurchase listed;
  Purchase& purchase = listed.purchase;
  purchase.id = row.text(0);
  purchase.user = UserId(row.integer(1));
  purchase.package = PackageId(row.integer(2));
  purchase.paid = {row.integer(3), row.text(4)};
  purchase.provider = row.text(5);
  purchase.reference = row.text(6);
  purchase.created = row.time(7);
  purchase.revoked = row.optional_time(8);
  listed.user = row.text(9);
  listed.package = {static_cast<FormatId>(row.integer(10)), row.text(11)};
  return listed;
}

Result<void> write_price(Connection& db, PackageId package, const std::optional<Price>& price,
                         const Trail& trail) {
  const auto there = db.exists("SELECT 1 FROM packages WHERE id = ?", package);
  if (!there) return std::unexpected(there.error());
  if (!*there) return fail(Code::not_found);
  if (auto told = add_trail(db, trail); !told) return told;
  if (!price) return db.run("DELETE FROM package_prices WHERE package_id = ?", package);
  return db.run(
      "INSERT OR REPLACE INTO package_prices (package_id, price_cents, currency) VALUES (?, ?, ?)",
      package, price->cents, price->currency);
}

Result<bool> insert_purchase(Connection& db, const Purchase& purchase, const Trail& trail) {
  const auto noted =
      db.exists("SELECT 1 FROM user_purchases WHERE provider = ? AND provider_ref = ?",
                purchase.provider, purchase.reference);
  if (!noted) return std::unexpected(noted.error());
  const auto taken = db.exists("SELECT 1 FROM user_purchases WHERE id = ?", purchase.id);
  if (!taken) return std::unexpected(taken.error());
  if (*noted) return false;
  if (*taken) return fail(Code::conflict);
  auto done = add_trail(db, trail);
  if (done)
    done = db.run(
        "INSERT INTO user_purchases (id, user_id, package_id, price_cents, currency, provider,"
        " provider_ref, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        purchase.id, purchase.user, purchase.package, purchase.paid.cents, purchase.paid.currency,
        purchase.provider, purchase.reference, purchase.created, purchase.revoked);
  if (!done) return fail(done);
  return true;
}

Result<bool> revoke_purchase(Connection& db, const std::string& id, Timestamp now,
                             const Trail& trail) {
  const auto open =
      db.exists("SELECT 1 FROM user_purchases WHERE id = ? AND revoked_at IS NULL", id);
  if (!open || !*open) return open;
  auto done = add_trail(db, trail);
  if (done) done = db.run("UPDATE user_purchases SET revoked_at = ? WHERE id = ?", now, id);
  if (!done) return fail(done);
  return true;
}

}  // namespace

Task<std::optional<Price>> PurchaseStore::price(PackageId package) {
  return session_.read([package](Connection& db) {
    return db.one(
        "SELECT price_cents, currency FROM package_prices WHERE package_id = ?",
        [](const Row& row) { return Price{row.integer(0), row.text(1)}; }, package);
  });
}

Task<> PurchaseStore::set_price(PackageId package, std::optional<Price> price, Trail trail) {
  return session_.write<void>(
      [package, price = std::move(price), trail = std::move(trail)](Connection& db) {
        return write_price(db, package, price, trail);
      },
      ChangeStamps::kNothing);
}

Task<bool> PurchaseStore::add(Purchase purchase, Trail trail) {
  return session_.write<bool>([purchase = std::move(purchase), trail = std::move(trail)](
                                  Connection& db) { return insert_purchase(db, purchase, trail); },
                              ChangeStamps::kNothing);
}

Task<bool> PurchaseStore::has_bought(UserId user, PackageId package) {
  return session_.read([user, package](Connection& db) {
    return db.exists(
        "SELECT 1 FROM user_purchases WHERE user_id = ? AND package_id = ? AND revoked_at IS NULL",
        user, package);
  });
}

Task<bool> PurchaseStore::revoke(std::string id, Timestamp now, Trail trail) {
  return session_.write<bool>([id = std::move(id), now, trail = std::move(trail)](
                                  Connection& db) { return revoke_purchase(db, id, now, trail); },
                              ChangeStamps::kNothing);
}

Task<std::vector<ListedPurchase>> PurchaseStore::list(PurchaseQuery query) {
  return session_.read([query](Connection& db) {
    const auto user = query.user ? std::optional(query.user->value) : std::nullopt;
    const auto package = query.package ? std::optional(query.package->value) : std::nullopt;
    return db.all(
        "SELECT p.id, p.user_id, p.package_id, p.price_cents, p.currency, p.provider,"
        " p.provider_ref, p.created_at, p.revoked_at, coalesce(u.name, ''),"
        " coalesce(k.format, 0), coalesce(k.name, '')"
        " FROM user_purchases AS p LEFT JOIN users AS u ON u.id = p.user_id"
        " LEFT JOIN packages AS k ON k.id = p.package_id"
        " WHERE (?1 IS NULL OR p.user_id = ?1) AND (?2 IS NULL OR p.package_id = ?2)"
        " ORDER BY p.created_at DESC, p.number DESC LIMIT ?3 OFFSET ?4",
        read_purchase, user, package, query.limit, query.offset);
  });
}

}  // namespace kontor::sqlite
