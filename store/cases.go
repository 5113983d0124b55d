package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Cases keeps running matters. DB and Ring are required.
type Cases struct {
	DB   *sqldb.DB
	Ring *seal.Ring
	Memo *CaseMemo // what Case read; nil remembers nothing
}

// CaseMemo remembers cases by number: the steps of a page and whoever waits for the next one read the same case again and again.
type CaseMemo = sqldb.Memo[string, cases.Case]

// NewCaseMemo makes a CaseMemo for the cases that are worked on at once.
func NewCaseMemo(db *sqldb.DB) *CaseMemo {
	return sqldb.NewMemo[string](db, 4096, func(c cases.Case) string { return c.No })
}

var _ cases.Store = Cases{}

const (
	// Who, what and where never change after the first save.
	caseFixed  = `no, id, city, service, sector, version, account, department, lang, opened`
	caseMoving = `resident, visitor, state, summary, log, updated, due, kept, ended, stars, rated_at, reasons, rev`
	caseSealed = `data, client, words, rulings, remedies`
	// A list shows a line for each case: every further column costs 0.25 µs a row, and the timeline its decoding.
	caseLine = `no, id, city, service, version, state, summary, opened, updated, kept`

	insertCase = `
insert into cases (` + caseFixed + `, ` + caseMoving + `, ` + caseSealed + `)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)`
	insertKey = `insert into cases_key (hash, no, asked) values ($1, $2, $3) on conflict (hash) do nothing`
	selectKey = `select no, asked from cases_key where hash = $1`

	caseByNo = `select ` + caseFixed + `, ` + caseMoving + `, ` + caseSealed + ` from cases where no = $1`

	updateCase = `
update cases set resident = $1, visitor = $2, state = $3, summary = $4, log = $5, updated = $6, due = $7, kept = $8, ended = $9,
  stars = $10, rated_at = $11, reasons = $12, rev = $13, data = $14, client = $15, words = $16, rulings = $17,
  remedies = $18
where no = $19`

	addStars = `
insert into cases_stars (city, service, count, sum, good, asked, in_time) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (city, service) do update set count = cases_stars.count + excluded.count, sum = cases_stars.sum + excluded.sum,
  good = cases_stars.good + excluded.good, asked = cases_stars.asked + excluded.asked, in_time = cases_stars.in_time + excluded.in_time`
	selectStars = `select service, count, sum, good, asked, in_time from cases_stars where city = $1`
)

// Add implements cases.Store.
func (s Cases) Add(ctx context.Context, c cases.Case, events ...event.Body) (cases.Case, error) {
	args, err := s.fixed(c)
	if err != nil {
		return c, err
	}
	kept := c
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		kept = c
		if _, err := tx.Exec(insertCase, args...); err != nil {
			return err
		}
		if len(c.Key) > 0 {
			n, err := tx.Exec(insertKey, c.Key, c.No, c.Asked)
			if err != nil {
				return err
			}
			if n == 0 {
				return errOpened
			}
		}
		return tx.Append(c.No, events...)
	})
	if errors.Is(err, errOpened) {
		no, _, err := s.Opened(ctx, c.Key)
		if err != nil {
			return c, err
		}
		return s.Case(ctx, no)
	}
	return kept, err
}

// errOpened ends a second opening under one key; it never leaves Add.
var errOpened = errors.New("store: opened before")

// Opened implements cases.Store.
func (s Cases) Opened(ctx context.Context, key []byte) (no string, asked []byte, err error) {
	err = s.DB.QueryRow(ctx, selectKey, key).Scan(&no, &asked)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, nil
	}
	return no, asked, err
}

// Case implements cases.Store.
func (s Cases) Case(ctx context.Context, no string) (cases.Case, error) {
	return s.Memo.Get(no, func() (cases.Case, error) { return s.scan(s.DB.QueryRow(ctx, caseByNo, no)) })
}

// Change implements cases.Store.
func (s Cases) Change(ctx context.Context, no string, rule func(*cases.Case) ([]event.Body, error)) (cases.Case, error) {
	var kept cases.Case
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		before, err := s.scan(tx.QueryRow(caseByNo+tx.ForUpdate(), no))
		if err != nil {
			return err
		}
		after := before
		bodies, err := rule(&after)
		if err != nil || bodies == nil {
			kept = before
			return err
		}
		after.Rev = before.Rev + 1
		args, err := s.moving(after)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(updateCase, append(args, no)...); err != nil {
			return err
		}
		if err := countStars(tx, before, after); err != nil {
			return err
		}
		if err := keepTasks(tx, before, after); err != nil {
			return err
		}
		kept = after
		return tx.Append(no, bodies...)
	})
	return kept, err
}

func countStars(tx *sqldb.Tx, before, after cases.Case) error {
	was, now := before.Stars(), after.Stars()
	if was == now {
		return nil
	}
	_, err := tx.Exec(addStars, after.City, after.Service, now.Count-was.Count, now.Sum-was.Sum, now.Good-was.Good, now.Asked-was.Asked, now.InTime-was.InTime)
	return err
}

// List implements cases.Store.
func (s Cases) List(ctx context.Context, f cases.Filter) ([]cases.Case, error) {
	var w conditions
	if f.Resident != 0 {
		w.add("resident = ?", f.Resident)
	}
	if f.Department != 0 {
		w.add("department = ?", f.Department)
	}
	if f.Service != "" {
		w.add("service = ?", f.Service)
	}
	if len(f.States) > 0 {
		w.in("state", wordsOf(f.States))
	}
	if !f.Before.IsZero() {
		w.add("updated < ?", clock.Millis(f.Before))
	}
	if f.After.At != 0 || f.After.ID != 0 {
		w.before("updated", "id", f.After.At, f.After.ID)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 20
	}
	limit = min(limit, 100)
	rows, err := s.DB.Query(ctx, `select `+caseLine+` from cases`+w.text()+
		` order by updated desc, id desc limit `+strconv.Itoa(limit), w.args...)
	if err != nil {
		return nil, err
	}
	list, err := s.lines(rows, make([]cases.Case, 0, limit))
	return list, errors.Join(err, rows.Close())
}

// lines reads the rows of a list; one target serves all of them.
func (s Cases) lines(rows *sql.Rows, list []cases.Case) ([]cases.Case, error) {
	var c cases.Case
	var summary []byte
	var opened, updated, kept int64
	dest := []any{&c.No, &c.ID, &c.City, &c.Service, &c.Version, &c.State, &summary, &opened, &updated, &kept}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		lock := sealing(s.Ring, "cases", c.ID)
		c.Summary = lock.text(purposeSummary, summary)
		if lock.err != nil {
			return nil, lock.err
		}
		c.Opened, c.Updated, c.Kept = clock.FromMillis(opened), clock.FromMillis(updated), clock.FromMillis(kept)
		list = append(list, c)
	}
	return list, rows.Err()
}

// Standing is how many running cases stand on one version of a service in a city.
type Standing struct {
	City, Service  string
	Version, Cases int
}

// Standings lists what running cases stand on, for the check at start.
func (s Cases) Standings(ctx context.Context) (list []Standing, err error) {
	rows, err := s.DB.Query(ctx, `
select city, service, version, count(*) from cases where ended = 0 group by city, service, version order by city, service, version`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var x Standing
		if err := rows.Scan(&x.City, &x.Service, &x.Version, &x.Cases); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// Ratings implements cases.Store.
func (s Cases) Ratings(ctx context.Context, city string) (map[string]cases.Stars, error) {
	rows, err := s.DB.Query(ctx, selectStars, city)
	if err != nil {
		return nil, err
	}
	sums := map[string]cases.Stars{}
	for rows.Next() {
		var service string
		var st cases.Stars
		if err := rows.Scan(&service, &st.Count, &st.Sum, &st.Good, &st.Asked, &st.InTime); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		sums[service] = st
	}
	return sums, errors.Join(rows.Err(), rows.Close())
}

// The purposes that fields of a case are sealed for.
const (
	purposeData     = "cases.data"
	purposeSummary  = "cases.summary"
	purposeClient   = "cases.client"
	purposeWords    = "cases.words"
	purposeRulings  = "cases.rulings"
	purposeRemedies = "cases.remedies"
)

func (s Cases) fixed(c cases.Case) ([]any, error) {
	moving, err := s.moving(c)
	return append([]any{
		c.No, c.ID, c.City, c.Service, c.Sector, c.Version, c.Account, c.Department, c.Lang, clock.Millis(c.Opened),
	}, moving...), err
}

// moving gives the arguments of all that changes, in the order of updateCase.
func (s Cases) moving(c cases.Case) ([]any, error) {
	data, err := c.Data.Encode()
	if err != nil {
		return nil, err
	}
	log, err := json.Marshal(c.Log)
	if err != nil {
		return nil, err
	}
	var rating cases.Rating
	if c.Rating != nil {
		rating = *c.Rating
	}
	reasons, err := json.Marshal(rating.Reasons)
	if err != nil {
		return nil, err
	}
	rulings := ""
	if len(c.Rulings) > 0 {
		b, err := json.Marshal(c.Rulings)
		if err != nil {
			return nil, err
		}
		rulings = string(b)
	}
	remedies, err := encodeRemedies(c.Remedies)
	if err != nil {
		return nil, err
	}
	var visitor any
	if len(c.Visitor) > 0 {
		visitor = c.Visitor
	}
	lock := sealing(s.Ring, "cases", c.ID)
	args := []any{
		c.Resident, visitor, string(c.State), lock.seal(purposeSummary, c.Summary.Reveal()), string(log),
		clock.Millis(c.Updated), clock.Millis(c.Due), clock.Millis(c.Kept), clock.Millis(c.Ended),
		rating.Stars, clock.Millis(rating.At), string(reasons), c.Rev,
		lock.seal(purposeData, string(data)), lock.seal(purposeClient, c.Client.Reveal()), lock.seal(purposeWords, rating.Text),
		lock.seal(purposeRulings, rulings), lock.seal(purposeRemedies, remedies),
	}
	return args, lock.err
}

// scan reads a case; whole says whether the row has the sealed columns too.
func (s Cases) scan(row oneRow) (cases.Case, error) {
	var c cases.Case
	var summary, data, client, words, rulings, remedies []byte
	var log, reasons string
	var opened, updated, due, kept, ended, rated int64
	var rating cases.Rating
	dest := []any{
		&c.No, &c.ID, &c.City, &c.Service, &c.Sector, &c.Version, &c.Account, &c.Department, &c.Lang, &opened,
		&c.Resident, &c.Visitor, &c.State, &summary, &log, &updated, &due, &kept, &ended, &rating.Stars, &rated, &reasons, &c.Rev,
		&data, &client, &words, &rulings, &remedies,
	}
	err := row.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fault.NotFound("case", "没有找到这个办件，请核对编号，或登录办理时的手机号再看")
	}
	if err != nil {
		return c, err
	}
	c.Opened, c.Updated, c.Due = clock.FromMillis(opened), clock.FromMillis(updated), clock.FromMillis(due)
	c.Kept, c.Ended = clock.FromMillis(kept), clock.FromMillis(ended)
	if err := json.Unmarshal([]byte(log), &c.Log); err != nil {
		return c, err
	}
	lock := sealing(s.Ring, "cases", c.ID)
	c.Summary = lock.text(purposeSummary, summary)
	if rating.Stars > 0 {
		rating.At, rating.Text = clock.FromMillis(rated), lock.open(purposeWords, words)
		if err := json.Unmarshal([]byte(reasons), &rating.Reasons); err != nil {
			return c, err
		}
		c.Rating = &rating
	}
	c.Client = lock.text(purposeClient, client)
	if plain := lock.open(purposeRulings, rulings); plain != "" {
		if err := json.Unmarshal([]byte(plain), &c.Rulings); err != nil {
			return c, errors.New("store: rulings cannot be read")
		}
	}
	if plain := lock.open(purposeRemedies, remedies); plain != "" {
		if err := json.Unmarshal([]byte(plain), &c.Remedies); err != nil {
			return c, errors.New("store: remedies cannot be read")
		}
	}
	if plain := lock.open(purposeData, data); lock.err == nil {
		if c.Data, err = service.DecodeState([]byte(plain)); err != nil {
			return c, err
		}
	}
	return c, lock.err
}
