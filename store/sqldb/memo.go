package sqldb

import (
	"hash/maphash"
	"math"
	"sync"
	"sync/atomic"
)

// Memo remembers what reads found, at most Size of it, until a change is committed that concerns it. It never gives what a
// committed and acknowledged change has made untrue: on SQLite every change goes through the one writer of this process, which
// tells after each commit what it concerned (Tx.Append's keys, Tx.Concerns). On PostgreSQL other processes change rows too, so
// a Memo remembers nothing there. What it gives is shared: callers never change what slices, maps and pointers in it lead to.
// Absence and errors are not remembered. A nil Memo remembers nothing. Safe for concurrent use.
type Memo[K comparable, V any] struct {
	db      *DB
	size    int
	concern func(V) string

	mu   sync.RWMutex
	kept map[K]remembered[V]
}

// remembered is a value with the commit before which it was read.
type remembered[V any] struct {
	value V
	slot  *atomic.Uint64
	seq   uint64
}

// NewMemo makes a Memo of at most size values. concern gives the key of events under which a value changes.
func NewMemo[K comparable, V any](db *DB, size int, concern func(V) string) *Memo[K, V] {
	return &Memo[K, V]{db: db, size: size, concern: concern, kept: map[K]remembered[V]{}}
}

// Get gives what is remembered of key, or else what load reads.
func (m *Memo[K, V]) Get(key K, load func() (V, error)) (V, error) {
	if m == nil || m.db.writer == nil {
		return load()
	}
	m.mu.RLock()
	r, ok := m.kept[key]
	m.mu.RUnlock()
	if ok && r.slot.Load() <= r.seq {
		return r.value, nil
	}
	// The number is taken before the read begins: a change committed meanwhile has a higher one, whether the read saw it or not.
	seq := m.db.concerns.seq.Load()
	v, err := load()
	if err != nil {
		return v, err
	}
	m.keep(key, remembered[V]{value: v, slot: m.db.concerns.slot(m.concern(v)), seq: seq})
	return v, nil
}

func (m *Memo[K, V]) keep(key K, r remembered[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.kept[key]; !known && len(m.kept) >= m.size {
		for one := range m.kept { // which one goes hardly matters: a miss costs one read
			delete(m.kept, one)
			break
		}
	}
	m.kept[key] = r
}

// concerns holds the number of the last commit that concerned a key. Keys share slots: a slot that moved for another key costs
// a read, never a wrong answer.
type concerns struct {
	seq   atomic.Uint64
	seed  maphash.Seed
	slots [4096]atomic.Uint64
}

func (c *concerns) slot(key string) *atomic.Uint64 {
	return &c.slots[maphash.String(c.seed, key)%uint64(len(c.slots))]
}

// doubt says that changes to what these slots are for are about to become visible: until settled nothing remembered of it is given.
// Without this, who reads of a change in another way than through its caller, as the bus reads events, could then be given what was
// remembered from before it. Only the writer calls it.
func (c *concerns) doubt(touched []*atomic.Uint64) {
	for _, s := range touched {
		s.Store(math.MaxUint64)
	}
}

// settled says that the changes are seen by every read from now on, or by none. Only the writer calls it.
func (c *concerns) settled(touched []*atomic.Uint64) {
	seq := c.seq.Add(1)
	for _, s := range touched {
		s.Store(seq)
	}
}

// Concerns says that the change concerns what is kept under key, as Append does by itself.
func (tx *Tx) Concerns(key string) {
	if tx.w != nil {
		tx.touched = append(tx.touched, tx.db.concerns.slot(key))
	}
}
