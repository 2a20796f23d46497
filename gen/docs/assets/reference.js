'use strict';

// The field index: rows that have all words of the search stay.
(() => {
  const search = document.getElementById('search');
  const rows = [...document.querySelectorAll('#fields tbody tr')];
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => row.dataset.words.includes(word));
      if (!row.hidden) found++;
    }
    document.getElementById('found').value = words.length ? `${found} of ${rows.length}` : `${rows.length} fields`;
    document.getElementById('nothing').hidden = found > 0;
  };
  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      search.value = '';
      filter();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
    event.preventDefault();
    search.focus();
  });
  filter();
})();

// The state diagrams: pointing at a box, or focusing it, shows what can be
// reached from it.
for (const diagram of document.querySelectorAll('[data-diagram]')) {
  const picture = diagram.querySelector('svg');
  const boxes = new Map([...picture.querySelectorAll('[data-box]')].map((box) => [box.dataset.box, box]));
  const arrows = [...picture.querySelectorAll('[data-from]')];
  const hints = [...diagram.querySelectorAll('[data-hint]')];
  const further = diagram.querySelector('.far');
  const announcement = diagram.querySelector('.announcement');
  let kept = '';

  // reach returns the arrows and boxes that the next event leads over, and
  // those that later ones may. Events are boxes too, so that one step from a
  // status is two arrows.
  const reach = (start) => {
    const near = new Set();
    const far = new Set();
    const queue = [{id: start, steps: boxes.get(start).classList.contains('event') ? 1 : 0}];
    const seen = new Set([start]);
    while (queue.length > 0) {
      const {id, steps} = queue.shift();
      for (const arrow of arrows) {
        if (arrow.dataset.from !== id) continue;
        const group = steps < 2 ? near : far;
        group.add(arrow);
        const next = arrow.dataset.to;
        if (seen.has(next)) continue;
        seen.add(next);
        group.add(boxes.get(next));
        queue.push({id: next, steps: steps + 1});
      }
    }
    return {near, far};
  };

  const show = (id) => {
    picture.classList.toggle('pointed', id !== '');
    const {near, far} = id ? reach(id) : {near: new Set(), far: new Set()};
    // Where an event comes from is shown too: it makes the event possible.
    const before = arrows.filter((arrow) => id && arrow.dataset.to === id && boxes.get(id).classList.contains('event'));
    const from = new Set([...before, ...before.map((arrow) => boxes.get(arrow.dataset.from))]);
    for (const part of [...boxes.values(), ...arrows]) {
      part.classList.toggle('from', from.has(part) && !near.has(part));
      part.classList.toggle('near', near.has(part));
      part.classList.toggle('far', far.has(part) && !near.has(part));
    }
    for (const [name, box] of boxes) {
      box.classList.toggle('chosen', name === id);
      box.setAttribute('aria-pressed', String(name === kept));
    }
    for (const hint of hints) hint.hidden = hint.dataset.hint !== id;
    const names = [...boxes.values()].filter((box) => far.has(box) && box.classList.contains('state'));
    further.hidden = names.length === 0;
    further.querySelector('span').textContent = names.map((box) => box.querySelector('.name').textContent).join(', ');
  };

  // announce repeats the hint for screen readers, once a box is focused or kept.
  const announce = (id) => {
    const hint = hints.find((each) => each.dataset.hint === id);
    announcement.textContent = id && hint ? hint.textContent : '';
  };

  const keep = (id) => {
    kept = kept === id ? '' : id;
    show(kept || id);
    announce(kept);
  };

  for (const [id, box] of boxes) {
    box.addEventListener('pointerenter', () => show(id));
    box.addEventListener('pointerleave', () => show(kept));
    box.addEventListener('focus', () => {
      show(id);
      announce(id);
    });
    box.addEventListener('blur', () => show(kept));
    box.addEventListener('click', () => keep(id));
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      keep(id);
    });
  }
  diagram.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    kept = '';
    show('');
    announce('');
  });
  picture.addEventListener('click', (event) => {
    if (event.target.closest('[data-box]')) return;
    kept = '';
    show('');
  });
}
