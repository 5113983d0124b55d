package visitlog

import (
	"slices"
)

// rowMerge gives the rows of one counter over several runs, codes in order, each once.
type rowMerge struct {
	cursors []*cursor // those that have a row
	row     row
}

func mergeRows(runs []*run, by By) (*rowMerge, error) {
	m := &rowMerge{}
	for _, r := range runs {
		c := r.rows(by)
		ok, err := c.next()
		if err != nil {
			return nil, err
		}
		if ok {
			m.cursors = append(m.cursors, c)
		}
	}
	return m, nil
}

// next makes m.row the next row, valid until the call after; false at the end.
func (m *rowMerge) next() (bool, error) {
	if len(m.cursors) == 0 {
		return false, nil
	}
	code := m.cursors[0].row.code
	for _, c := range m.cursors[1:] {
		code = min(code, c.row.code)
	}
	m.row.code = code
	m.row.entries = m.row.entries[:0]
	kept := m.cursors[:0]
	from := 0
	for _, c := range m.cursors {
		ok := true
		if c.row.code == code {
			from++
			m.row.entries = append(m.row.entries, c.row.entries...)
			var err error
			if ok, err = c.next(); err != nil {
				return false, err
			}
		}
		if ok {
			kept = append(kept, c)
		}
	}
	m.cursors = kept
	if from > 1 {
		m.row.entries = summed(m.row.entries)
	}
	return true, nil
}

// summed sorts entries and adds those of one slot together.
func summed(entries []entry) []entry {
	slices.SortFunc(entries, func(a, b entry) int { return int(int64(a.slot) - int64(b.slot)) })
	out := entries[:0]
	for _, e := range entries {
		if n := len(out); n > 0 && out[n-1].slot == e.slot {
			out[n-1].n += e.n
		} else {
			out = append(out, e)
		}
	}
	return out
}

// listMerge gives the lists of several runs, by month and account, each once.
type listMerge struct {
	parts  []*listPart // those that have a list
	sorter sorter
	people []uint32
	buf    []byte

	month Month
	list  peopleList // valid until the next call
}

// listPart goes through one run's lists, reading ahead.
type listPart struct {
	run  *run
	left []extent
	buf  []byte
	off  int64
}

func mergeLists(runs []*run, drop []Month) *listMerge {
	m := &listMerge{}
	for _, r := range runs {
		lists := r.lists
		if len(drop) > 0 {
			lists = slices.DeleteFunc(slices.Clone(lists), func(e extent) bool { return slices.Contains(drop, e.month) })
		}
		if len(lists) > 0 {
			m.parts = append(m.parts, &listPart{run: r, left: lists})
		}
	}
	return m
}

func (p *listPart) read() ([]byte, error) {
	e := p.left[0]
	if end := e.off + int64(e.bytes); e.off < p.off || end > p.off+int64(len(p.buf)) {
		last := p.left[len(p.left)-1]
		n := max(int64(e.bytes), min(runBuffer, last.off+int64(last.bytes)-e.off))
		p.buf = slices.Grow(p.buf[:0], int(n))[:n]
		p.off = e.off
		if _, err := p.run.file.ReadAt(p.buf, e.off); err != nil {
			return nil, err
		}
	}
	return p.buf[e.off-p.off:][:e.bytes], nil
}

// next makes m.month and m.list the next list; false at the end.
func (m *listMerge) next() (bool, error) {
	if len(m.parts) == 0 {
		return false, nil
	}
	low := m.parts[0].left[0]
	for _, p := range m.parts[1:] {
		if e := p.left[0]; e.month < low.month || e.month == low.month && e.account < low.account {
			low = e
		}
	}
	m.month = low.month
	m.people = m.people[:0]
	var only []byte
	found := 0
	for _, p := range m.parts {
		e := p.left[0]
		if e.month != low.month || e.account != low.account {
			continue
		}
		data, err := p.read()
		if err != nil {
			return false, err
		}
		if found++; found == 1 {
			only, low = data, e
		} else {
			if found == 2 {
				if err := m.take(m.first(low, p), only, low); err != nil {
					return false, err
				}
			}
			if err := m.take(p.run, data, e); err != nil {
				return false, err
			}
		}
	}
	m.list = peopleList{low.account, low.n, only}
	if found > 1 {
		all := m.sorter.sort(m.people)
		m.buf = appendList(m.buf[:0], all)
		m.list.n, m.list.data = uint32(len(all)), m.buf
	}
	m.parts = slices.DeleteFunc(m.parts, func(p *listPart) bool {
		if e := p.left[0]; e.month == low.month && e.account == low.account {
			p.left = p.left[1:]
		}
		return len(p.left) == 0
	})
	return true, nil
}

// first gives the run that the first list found is from, for an error's text.
func (m *listMerge) first(e extent, before *listPart) *run {
	for _, p := range m.parts {
		if p == before {
			break
		}
		if p.left[0].month == e.month && p.left[0].account == e.account {
			return p.run
		}
	}
	return before.run
}

func (m *listMerge) take(r *run, data []byte, e extent) error {
	var ok bool
	if m.people, ok = readList(m.people, data, int(e.n)); !ok {
		return r.damaged(e.off, "a list of people cannot be read")
	}
	return nil
}

// writeMerged writes what runs hold together as one run, without the people of some months. Its bytes depend on the content alone.
func writeMerged(d Disk, id uint64, runs []*run, drop []Month) (*run, error) {
	w, err := createRun(d, id)
	if err != nil {
		return nil, err
	}
	if err := w.merge(runs, drop); err != nil {
		_ = w.file.Close()
		return nil, err
	}
	r, err := w.finish()
	if err != nil {
		_ = w.file.Close()
		return nil, err
	}
	return r, nil
}

func (w *runWriter) merge(runs []*run, drop []Month) error {
	for by := range byCount {
		m, err := mergeRows(runs, by)
		if err != nil {
			return err
		}
		for {
			ok, err := m.next()
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			if err := w.row(by, m.row); err != nil {
				return err
			}
		}
	}
	m := mergeLists(runs, drop)
	for {
		ok, err := m.next()
		if err != nil || !ok {
			return err
		}
		if err := w.list(m.month, m.list); err != nil {
			return err
		}
	}
}
