package message

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Talk is the conversation of a resident, or of a visitor known by a cookie, with an account. The zero Talk is one that has not begun.
// It is kept so that one can go on after days, and no longer: see keptFor.
type Talk struct {
	ID      int64
	Owner   string // see owner
	Account int64
	// Case is the number of the case that is talked about; empty for none.
	Case string
	// Memo is what the door remembers of how far the talk is within a step; sealed at rest.
	Memo seal.Text
	// Last is the number of the newest line, 0 for none, and At when it was said.
	Last int
	At   time.Time
}

// Line is one thing said.
type Line struct {
	N    int  // 1 is the first line of the talk
	Mine bool // the resident's own words; else the account's
	// Text is what was said: the resident's words as written, the account's message as the door wrote it down. Sealed at rest.
	Text seal.Text
	At   time.Time
}

// Mark says that a message of another platform was taken. The zero Mark is none.
type Mark struct {
	Key   []byte // hash
	N     int    // the line it became
	Until time.Time
}

// Turn is what is added to a talk.
type Turn struct {
	// Seen is the number of the last line that whoever speaks had before them.
	Seen int
	Case string
	Memo seal.Text
	// Lines are what is said, in order; N and At are set by the desk. They may be none: then only Case and Memo change.
	Lines []Line
	// Key names the message of another platform that the first line is, so that it is taken once however often it is delivered; empty for
	// what was written here.
	Key string
}

const (
	// MaxLines is how many lines of a talk are kept; older ones go.
	MaxLines = 200
	// MaxWords is the most characters of a resident's line.
	MaxWords = 500
	// linesPerHour is how much one person may say to all accounts in an hour.
	linesPerHour = 300
	// heardFor is how long it is remembered that a message of another platform was taken. Its platform gives up after some seconds; who copied
	// one must not move the talk with it (T02).
	heardFor = 7 * 24 * time.Hour
)

// keptFor is how long a talk that nobody touches is kept: of a visitor as long as the cookie lives, of a resident half a year.
func keptFor(owner string) time.Duration {
	if owner[0] == visitors[0] {
		return 30 * 24 * time.Hour
	}
	return 180 * 24 * time.Hour
}

const (
	residents = "resident/"
	visitors  = "visitor/"
)

// owner names whose talk it is: a resident by number, a visitor by the hash of the cookie, which is random. It is empty for anybody else.
func owner(a actor.Actor, cookie string) string {
	switch {
	case a.Kind == actor.Resident && a.ID != 0:
		return residents + strconv.FormatInt(a.ID, 10)
	case a.Kind == actor.Visitor && cookie != "":
		sum := sha256.Sum256([]byte("zhijian talk\x00" + cookie))
		return visitors + hex.EncodeToString(sum[:])
	}
	return ""
}

// Talk gives the actor's own talk with an account and what is kept of it, oldest first; the zero Talk when there is none.
func (d *Desk) Talk(ctx context.Context, a actor.Actor, cookie string, account int64) (_ Talk, _ []Line, err error) {
	defer fault.Wrap(&err, "talk of %s with %d", a, account)
	who := owner(a, cookie)
	if who == "" {
		return Talk{Account: account}, nil, nil
	}
	t, err := d.c.Talks.Talk(ctx, who, account, d.c.Clock.Now())
	if err != nil || t.ID == 0 {
		return Talk{Owner: who, Account: account}, nil, err
	}
	lines, err := d.c.Talks.Lines(ctx, t)
	return t, lines, err
}

// Say adds a turn to the actor's talk with an account, which begins with it. fault.Denied "session" to who is neither a resident nor a
// visitor with a cookie; fault.Invalid "talk.empty" or "talk.long" when the words cannot be taken; fault.Conflict "talk.heard" when the message
// of Turn.Key was taken before, "talk.moved" when something was said since Turn.Seen; fault.TooMany after 300 lines an hour.
func (d *Desk) Say(ctx context.Context, a actor.Actor, cookie string, account int64, turn Turn) (_ Talk, err error) {
	defer fault.Wrap(&err, "say to %d", account)
	who := owner(a, cookie)
	if who == "" {
		return Talk{}, signedOut()
	}
	for _, l := range turn.Lines {
		if !l.Mine {
			continue
		}
		if err := CheckWords(l.Text.Reveal()); err != nil {
			return Talk{}, err
		}
		if err := d.c.Purse.Spend(ctx, budget.Budget{Name: "message.lines.hour", Limit: linesPerHour, Window: time.Hour}, who); err != nil {
			return Talk{}, err
		}
	}
	now := d.c.Clock.Now()
	t := Talk{ID: d.c.IDs.ID(), Owner: who, Account: account, Case: turn.Case, Memo: turn.Memo, Last: turn.Seen + len(turn.Lines), At: now}
	for i := range turn.Lines {
		turn.Lines[i].N, turn.Lines[i].At = turn.Seen+1+i, now
	}
	var mark Mark
	if turn.Key != "" {
		mark = Mark{Key: markKey(turn.Key), N: turn.Seen + 1, Until: now.Add(heardFor)}
	}
	return d.c.Talks.Say(ctx, t, turn.Seen, turn.Lines, now.Add(keptFor(who)), mark)
}

// markKey hashes what names a message.
func markKey(key string) []byte {
	sum := sha256.Sum256([]byte("zhijian heard\x00" + key))
	return sum[:]
}

// Heard gives the number of the line that a message of another platform became; 0 when it was not taken. Whoever knows the key may ask: it
// holds what stands for its sender, which nobody else can make.
func (d *Desk) Heard(ctx context.Context, key string) (n int, err error) {
	defer fault.Wrap(&err, "look for what was said")
	return d.c.Talks.Heard(ctx, markKey(key), d.c.Clock.Now())
}

// CheckWords refuses what no line of a resident can be: fault.Invalid "talk.empty" or "talk.long", on "line".
func CheckWords(text string) error {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.IsControl(r) {
			n++
		}
	}
	switch {
	case n == 0 || !utf8.ValidString(text):
		return fault.Invalid("talk.empty", "请先写下要说的话").On("line")
	case utf8.RuneCountInString(text) > MaxWords:
		return fault.Invalid("talk.long", "一次最多写 %d 个字，请分几次发", MaxWords).On("line")
	}
	return nil
}

// Adopt makes a visitor's talk with an account the resident's who has signed in with that cookie: its lines go after the resident's own,
// and its case is the one that is talked about. Without such a talk nothing happens.
func (d *Desk) Adopt(ctx context.Context, a actor.Actor, cookie string, account int64) (err error) {
	defer fault.Wrap(&err, "adopt a talk with %d", account)
	from, to := owner(actor.Actor{Kind: actor.Visitor}, cookie), owner(a, "")
	if from == "" || to == "" {
		return nil
	}
	now := d.c.Clock.Now()
	t, err := d.c.Talks.Talk(ctx, from, account, now)
	if err != nil || t.ID == 0 {
		return err
	}
	return d.c.Talks.Adopt(ctx, t, to, now, now.Add(keptFor(to)))
}

// Talking reports whether a resident and an account talk about a case.
func (d *Desk) Talking(ctx context.Context, a actor.Actor, cookie string, account int64, no string) (_ bool, err error) {
	defer fault.Wrap(&err, "talk of %s about %s", a, no)
	who := owner(a, cookie)
	if who == "" || no == "" {
		return false, nil
	}
	t, err := d.c.Talks.Talk(ctx, who, account, d.c.Clock.Now())
	return t.Case == no, err
}

// told is a line as its writer may take it along.
type told struct {
	Account int64     `json:"account"`
	At      time.Time `json:"at"`
	Mine    bool      `json:"mine"`
	Text    string    `json:"text"`
}

// Told gives every line of a resident's talks, for the copy of what the house keeps of them.
func (d *Desk) Told(ctx context.Context, a actor.Actor) (_ []any, err error) {
	defer fault.Wrap(&err, "talks of %s", a)
	who := owner(a, "")
	if who == "" {
		return nil, signedOut()
	}
	talks, err := d.c.Talks.Of(ctx, who, d.c.Clock.Now())
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, t := range talks {
		lines, err := d.c.Talks.Lines(ctx, t)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out = append(out, told{t.Account, l.At.In(clock.Shanghai), l.Mine, l.Text.Reveal()})
		}
	}
	return out, nil
}
