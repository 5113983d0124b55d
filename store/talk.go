package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"zhijian/domain/message"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Talks keeps conversations. Both fields are required.
type Talks struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var _ message.Talks = Talks{}

// The purposes that a talk's content is sealed under. They are stored, so they never change.
const (
	sealTalkMemo = "talk.memo"
	sealTalkLine = "talk.line"
)

const (
	talkColumns = `id, owner, account, no, memo, last, at`
	selectTalk  = `select ` + talkColumns + ` from talk where owner = $1 and account = $2 and until > $3`
	selectTalks = `select ` + talkColumns + ` from talk where owner = $1 and until > $2 order by account`
	insertTalk  = `insert into talk (` + talkColumns + `, until) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (owner, account) do nothing`
	updateTalk  = `update talk set no = $1, memo = $2, last = $3, at = $4, until = $5 where owner = $6 and account = $7 and last = $8`
	deleteTalk  = `delete from talk where id = $1`

	selectLines = `select talk, n, mine, body, at from talk_line where talk = $1 order by n`
	insertLine  = `insert into talk_line (talk, n, mine, body, at) values ($1, $2, $3, $4, $5)`
	dropLines   = `delete from talk_line where talk = $1 and n <= $2`

	insertHeard = `insert into talk_heard (key, n, until) values ($1, $2, $3) on conflict (key) do nothing`
	selectHeard = `select n from talk_heard where key = $1 and until > $2`
	sweepHeard  = `delete from talk_heard where key in (select key from talk_heard where until <= $1 order by until limit 20)`

	// What is past its time goes a little at a time, when somebody speaks; the speaker's own talk goes at once.
	spentTalks  = `(select id from talk where until <= $1 order by until limit 20)`
	sweepLines  = `delete from talk_line where talk in ` + spentTalks
	sweepTalks  = `delete from talk where id in ` + spentTalks
	spentLines  = `delete from talk_line where talk in (select id from talk where owner = $1 and account = $2 and until <= $3)`
	spentOwn    = `delete from talk where owner = $1 and account = $2 and until <= $3`
	talkOfOwner = `select ` + talkColumns + ` from talk where owner = $1 and account = $2`
)

// Talk implements message.Talks.
func (s Talks) Talk(ctx context.Context, owner string, account int64, now time.Time) (message.Talk, error) {
	return s.one(s.DB.QueryRow(ctx, selectTalk, owner, account, clock.Millis(now)))
}

// one reads a talk; the zero Talk when there is none.
func (s Talks) one(row sqldb.Row) (message.Talk, error) {
	t, err := s.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return message.Talk{}, nil
	}
	return t, err
}

func (s Talks) scan(row sqldb.Row) (message.Talk, error) {
	var t message.Talk
	var memo []byte
	var at int64
	if err := row.Scan(&t.ID, &t.Owner, &t.Account, &t.Case, &memo, &t.Last, &at); err != nil {
		return message.Talk{}, err
	}
	f := sealing(s.Ring, "talk", t.ID)
	t.Memo, t.At = f.text(sealTalkMemo, memo), clock.FromMillis(at)
	return t, f.err
}

// Of implements message.Talks.
func (s Talks) Of(ctx context.Context, owner string, now time.Time) ([]message.Talk, error) {
	rows, err := s.DB.Query(ctx, selectTalks, owner, clock.Millis(now))
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scan)
}

// Lines implements message.Talks.
func (s Talks) Lines(ctx context.Context, t message.Talk) ([]message.Line, error) {
	rows, err := s.DB.Query(ctx, selectLines, t.ID)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, s.scanLine)
}

func (s Talks) scanLine(row sqldb.Row) (message.Line, error) {
	var l message.Line
	var talk, at int64
	var body []byte
	if err := row.Scan(&talk, &l.N, &l.Mine, &body, &at); err != nil {
		return message.Line{}, err
	}
	f := s.line(talk, l.N)
	l.Text, l.At = f.text(sealTalkLine, body), clock.FromMillis(at)
	return l, f.err
}

// line seals what belongs to one line: a text cannot be moved to another place of the talk.
func (s Talks) line(talk int64, n int) *sealer {
	return &sealer{ring: s.Ring, place: "talk_line/" + strconv.FormatInt(talk, 10) + "/" + strconv.Itoa(n)}
}

// Say implements message.Talks.
func (s Talks) Say(ctx context.Context, t message.Talk, seen int, lines []message.Line, until time.Time, mark message.Mark) (message.Talk, error) {
	said := t
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		said = t
		if err := hear(tx, mark, t.At); err != nil {
			return err
		}
		if err := s.sweep(tx, t); err != nil {
			return err
		}
		found, err := s.one(tx.QueryRow(talkOfOwner+tx.ForUpdate(), t.Owner, t.Account))
		switch {
		case err != nil:
			return err
		case found.Last != seen:
			return moved()
		case found.ID != 0:
			said.ID = found.ID
		}
		if err := s.keep(tx, said, found.ID == 0, seen, until); err != nil {
			return err
		}
		return s.add(tx, said, lines)
	})
	return said, err
}

// hear notes that a message was taken; fault.Conflict "talk.heard" when it was before.
func hear(tx *sqldb.Tx, mark message.Mark, now time.Time) error {
	if len(mark.Key) == 0 {
		return nil
	}
	if _, err := tx.Exec(sweepHeard, clock.Millis(now)); err != nil {
		return err
	}
	n, err := tx.Exec(insertHeard, mark.Key, mark.N, clock.Millis(mark.Until))
	if err == nil && n == 0 {
		return fault.Conflict("talk.heard", "这条消息已经收到过了")
	}
	return err
}

// Heard implements message.Talks.
func (s Talks) Heard(ctx context.Context, key []byte, now time.Time) (int, error) {
	var n int
	err := s.DB.QueryRow(ctx, selectHeard, key, clock.Millis(now)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

func moved() error {
	return fault.Conflict("talk.moved", "对话里有了新的消息，请看过再答")
}

// sweep forgets what is past its time.
func (s Talks) sweep(tx *sqldb.Tx, t message.Talk) error {
	now := clock.Millis(t.At)
	for _, one := range []struct {
		text string
		args []any
	}{{spentLines, []any{t.Owner, t.Account, now}}, {spentOwn, []any{t.Owner, t.Account, now}}, {sweepLines, []any{now}}, {sweepTalks, []any{now}}} {
		if _, err := tx.Exec(one.text, one.args...); err != nil {
			return err
		}
	}
	return nil
}

// keep saves the talk itself; fault.Conflict "talk.moved" when somebody was quicker.
func (s Talks) keep(tx *sqldb.Tx, t message.Talk, isNew bool, seen int, until time.Time) error {
	f := sealing(s.Ring, "talk", t.ID)
	memo := f.seal(sealTalkMemo, t.Memo.Reveal())
	if f.err != nil {
		return f.err
	}
	var n int64
	var err error
	if isNew {
		n, err = tx.Exec(insertTalk, t.ID, t.Owner, t.Account, t.Case, memo, t.Last, clock.Millis(t.At), clock.Millis(until))
	} else {
		n, err = tx.Exec(updateTalk, t.Case, memo, t.Last, clock.Millis(t.At), clock.Millis(until), t.Owner, t.Account, seen)
	}
	if err == nil && n == 0 {
		return moved()
	}
	return err
}

// add saves lines and drops what is beyond the bound.
func (s Talks) add(tx *sqldb.Tx, t message.Talk, lines []message.Line) error {
	for _, l := range lines {
		f := s.line(t.ID, l.N)
		body := f.seal(sealTalkLine, l.Text.Reveal())
		if f.err != nil {
			return f.err
		}
		if _, err := tx.Exec(insertLine, t.ID, l.N, l.Mine, body, clock.Millis(l.At)); err != nil {
			return err
		}
	}
	if len(lines) == 0 || t.Last <= message.MaxLines {
		return nil
	}
	_, err := tx.Exec(dropLines, t.ID, t.Last-message.MaxLines)
	return err
}

// Adopt implements message.Talks. Both talks change in one transaction: they are one person's, and become one.
func (s Talks) Adopt(ctx context.Context, t message.Talk, owner string, now, until time.Time) error {
	lines, err := s.Lines(ctx, t)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if n, err := tx.Exec(deleteTalk, t.ID); err != nil || n == 0 {
			return err // somebody has just done the same
		}
		if _, err := tx.Exec(dropLines, t.ID, t.Last); err != nil {
			return err
		}
		own := message.Talk{ID: t.ID, Owner: owner, Account: t.Account, At: now}
		if err := s.sweep(tx, own); err != nil {
			return err
		}
		found, err := s.one(tx.QueryRow(talkOfOwner+tx.ForUpdate(), owner, t.Account))
		if err != nil {
			return err
		}
		if found.ID != 0 {
			own = found
		}
		seen := own.Last
		if t.Case != "" || own.Case == "" {
			own.Case, own.Memo = t.Case, t.Memo
		}
		after := make([]message.Line, len(lines))
		for i, l := range lines {
			own.Last++
			l.N = own.Last
			after[i] = l
		}
		own.At = now
		if err := s.keep(tx, own, found.ID == 0, seen, until); err != nil {
			return err
		}
		return s.add(tx, own, after)
	})
}
