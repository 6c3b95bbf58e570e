// Whether a recorded history of concurrent calls can be explained by some order of them, one at a
// time, in which no call comes before one that had ended when it began (Wing and Gong, 1993). It
// tries the orders depth first and remembers which sets of calls led to which state before.

// `history`: { from, to, call, result } with times that rise. `model`: { initial, step(state, call,
// result) } where a state is a text, and step yields the next one or null where the result cannot
// come from that state. Yields an order of indexes into the history, or null.
export function findOrder(history, model) {
  const all = (1n << BigInt(history.length)) - 1n;
  const seen = new Set();
  const order = [];

  function search(done, state) {
    if (done === all) return true;
    const key = `${done} ${state}`;
    if (seen.has(key)) return false;
    seen.add(key);
    for (const index of candidates(history, done)) {
      const { call, result } = history[index];
      const next = model.step(state, call, result);
      if (next === null) continue;
      order.push(index);
      if (search(done | (1n << BigInt(index)), next)) return true;
      order.pop();
    }
    return false;
  }

  return search(0n, model.initial) ? order : null;
}

// The calls that may come next: those that began before the first of the others ended.
function candidates(history, done) {
  const left = history.map((_, index) => index).filter((index) => !(done & (1n << BigInt(index))));
  const firstEnd = Math.min(...left.map((index) => history[index].to));
  return left.filter((index) => history[index].from <= firstEnd);
}

// --- a package ----------------------------------------------------------------------------------

const compare = (a, b) => {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : left[at] - right[at];
};

const text = ({ versions, gone, tags }) =>
  JSON.stringify({
    versions: [...versions].sort(compare),
    gone: [...gone].sort(compare),
    tags: Object.fromEntries(Object.entries(tags).sort()),
  });

const effects = {
  publish(state, { version, tag }) {
    if (state.versions.includes(version)) return 'exists';
    if (state.gone.includes(version)) return 'tombstoned';
    state.versions.push(version);
    state.tags[tag] = version;
    state.tags.latest ??= version;
    return 'done';
  },

  tag(state, { version, tag }) {
    if (!state.versions.includes(version)) return 'absent';
    state.tags[tag] = version;
    return 'done';
  },

  unpublish(state, { version }) {
    if (!state.versions.includes(version)) return 'absent';
    state.versions = state.versions.filter((other) => other !== version);
    state.gone.push(version);
    for (const [tag, target] of Object.entries(state.tags)) {
      if (target !== version) continue;
      if (tag === 'latest' && state.versions.length) state.tags.latest = state.versions.toSorted(compare).at(-1);
      else delete state.tags[tag];
    }
    return 'done';
  },

  read(state) {
    return text({ ...state, gone: [] });
  },
};

// The registry's promises about one package. Calls: publish, tag, unpublish of { version, tag } and
// read; results: 'done', 'exists', 'tombstoned', 'absent', 'conflict' (nothing was done), or what
// was read as readResult() makes it.
export const packageModel = {
  initial: text({ versions: [], gone: [], tags: {} }),
  step(before, call, result) {
    if (result === 'conflict') return before;
    const state = JSON.parse(before);
    return effects[call.kind](state, call) === result ? text(state) : null;
  },
};

export const readResult = (versions, tags) => text({ versions, gone: [], tags });
