package sandbox

import "sync"

// ledger remembers acts by their key, as a careful office does: the same key again gives the
// same answer, a key can be asked about after silence, and a voided key never acts again.
// The office's own lock guards it.
type ledger struct {
	entries map[string]*entry
	diary   *diary
}

type entry struct {
	print  string // what was asked, to tell a repeat from another question under the same key
	answer data   // nil: not done
	undo   func()
	dead   bool
	tries  int
}

// books are what an office with acts embeds: its lock and the ledger that it guards, with the two calls by which the office is asked later
// what became of an act.
type books struct {
	mu     sync.Mutex
	ledger ledger
}

func newBooks(d *diary) books { return books{ledger: newLedger(d)} }

func (b *books) settled(in question) (data, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ledger.asked(in.text("key")), nil
}

func (b *books) void(in question) (data, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ledger.void(in)
}

func newLedger(d *diary) ledger { return ledger{entries: map[string]*entry{}, diary: d} }

// act does a thing once. ending is the magic ending of what it concerns: 44 refuses, 45 is
// silent twice, 46 does it and loses the first answer.
func (l ledger) act(in question, print, ending string, do func() (data, func(), error)) (data, error) {
	e := l.entries[in.key]
	switch {
	case e == nil:
	case e.dead:
		return nil, refusal{"key.void", "这次办理已经撤销，不能再办"}
	case e.print != print:
		return nil, refusal{"key.reused", "同一个办理编号不能用于不同的内容"}
	case e.answer != nil:
		return e.answer, nil
	case ending == "44":
		return nil, declined()
	}
	// What is written first can be done again from the diary: an act follows from its question and time alone.
	if err := l.diary.write(in); err != nil {
		return nil, err
	}
	if e == nil {
		e = &entry{print: print}
		l.entries[in.key] = e
	}
	e.tries++
	switch {
	case ending == "44":
		return nil, declined()
	case ending == "45" && e.tries <= 2:
		return nil, errSilent
	}
	answer, undo, err := do()
	if err != nil {
		return nil, err
	}
	e.answer, e.undo = answer, undo
	if ending == "46" {
		return nil, errLost
	}
	return answer, nil
}

func declined() error {
	return refusal{"declined", "这笔业务正在人工核查，暂时不能在网上办理"}
}

// asked tells what became of a key, in the words of the settled calls.
func (l ledger) asked(key string) data {
	e := l.entries[key]
	out := data{"settled": false, "voided": false}
	if e == nil {
		return out
	}
	if e.answer != nil && !e.dead {
		for k, v := range e.answer {
			out[k] = v
		}
		out["settled"] = true
	}
	out["voided"] = e.dead
	return out
}

// void undoes what was done under a key, or forbids that it ever be done. Repeating is harmless.
func (l ledger) void(in question) (data, error) {
	key := voided(in)
	e := l.entries[key]
	if e == nil || !e.dead {
		if err := l.diary.write(in); err != nil {
			return nil, err
		}
	}
	if e == nil {
		e = &entry{}
		l.entries[key] = e
	}
	was := e.answer != nil
	if was && !e.dead && e.undo != nil {
		e.undo()
	}
	e.dead = true
	return data{"voided": true, "was_settled": was}, nil
}

// voided is the key to cancel: the input "key", or the call's own key when it has none.
func voided(in question) string {
	if k := in.text("key"); k != "" {
		return k
	}
	return in.key
}
