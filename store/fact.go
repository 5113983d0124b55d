package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"zhijian/domain/observatory/live"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Facts keeps what the house counted of itself. The cursor of a shard moves in the change that adds what was counted up to it:
// every event is in the facts once, however often it is delivered and whenever the process dies.
type Facts struct{ DB *sqldb.DB }

const (
	selectFactCursors = `select shard, position from fact_cursor order by shard`
	selectFactCursor  = `select position from fact_cursor where shard = $1`
	moveFactCursor    = `update fact_cursor set position = $1 where shard = $2 and position = $3`
	addFact           = `
insert into fact_day (day, region, service, channel, level, metric, value) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (day, region, service, channel, level, metric) do update set value = fact_day.value + excluded.value`
	addPerson = `
insert into fact_person (month, region, service, resident) values ($1, $2, $3, $4) on conflict (month, region, service, resident) do nothing`

	selectEventsAfter = `select ` + sqldb.EventColumns + ` from event where shard = $1 and position > $2 order by position limit `
	selectFirstOfKey  = `select ` + sqldb.EventColumns + ` from event where key = $1 and name = $2 order by position limit 1`

	factColumns      = `day, region, service, channel, level, metric, value`
	selectFacts      = `select ` + factColumns + ` from fact_day where day >= $1 and day < $2 order by day, region, service, channel, level, metric`
	selectUsed       = `select region, service, cast(sum(value) as bigint) from fact_day`
	selectPersons    = `select month, region, service, resident from fact_person order by month, region, service, resident`
	selectCrowds     = `select month, region, service, people from fact_crowd where month >= $1 and month <= $2 order by month, region, service`
	selectPersonSums = `
select month, region, service, count(*) from fact_person where month >= $1 and month <= $2
group by month, region, service order by month, region, service`

	selectDayMonths = `select distinct day / 100 from fact_day where day < $1 and day % 100 <> 0 order by 1`
	deleteFacts     = `delete from fact_day where day >= $1 and day < $2`

	keepCrowds = `
insert into fact_crowd (month, region, service, people)
select month, region, service, count(*) from fact_person where month < $1 group by month, region, service
on conflict (month, region, service) do update set people = fact_crowd.people + excluded.people`
	deletePersons = `delete from fact_person where month < $1`

	insertNight = `insert into fact_night (day) values ($1) on conflict (day) do nothing`
)

// Cursor tells how far a shard is counted.
func (s Facts) Cursor(ctx context.Context, shard int) (position int64, err error) {
	err = s.DB.QueryRow(ctx, selectFactCursor, shard).Scan(&position)
	return position, err
}

// Cursors tells how far every shard is counted.
func (s Facts) Cursors(ctx context.Context) (at [event.Shards]int64, err error) {
	rows, err := s.DB.Query(ctx, selectFactCursors)
	if err != nil {
		return at, err
	}
	for rows.Next() {
		var shard int
		var position int64
		if err := rows.Scan(&shard, &position); err != nil {
			return at, errors.Join(err, rows.Close())
		}
		if shard < 0 || shard >= event.Shards {
			return at, errors.Join(fmt.Errorf("shard %d is none", shard), rows.Close())
		}
		at[shard] = position
	}
	return at, errors.Join(rows.Err(), rows.Close())
}

// After lists the events of a shard behind a position, in order.
func (s Facts) After(ctx context.Context, shard int, position int64, limit int) ([]event.Event, error) {
	rows, err := s.DB.Query(ctx, selectEventsAfter+strconv.Itoa(limit), shard, position)
	if err != nil {
		return nil, err
	}
	return sqldb.ScanEvents(rows)
}

// First gives the first event of a key with a name; false when there is none.
func (s Facts) First(ctx context.Context, key, name string) (event.Event, bool, error) {
	rows, err := s.DB.Query(ctx, selectFirstOfKey, key, name)
	if err != nil {
		return event.Event{}, false, err
	}
	list, err := sqldb.ScanEvents(rows)
	if err != nil || len(list) == 0 {
		return event.Event{}, false, err
	}
	return list[0], true, nil
}

// Fold adds what was counted from one position of a shard to another, and moves the cursor. false, and nothing added, when the
// cursor is not where counting began: somebody else was quicker.
func (s Facts) Fold(ctx context.Context, shard int, from, to int64, sum *live.Sum) (folded bool, err error) {
	defer fault.Wrap(&err, "fold shard %d up to %d", shard, to)
	facts, persons := sorted(sum)
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(moveFactCursor, to, shard, from)
		if folded = n == 1; err != nil || !folded {
			return err
		}
		for _, f := range facts {
			if _, err := tx.Exec(addFact, f.Day, f.Region, f.Service, f.Channel, f.Level, f.Metric, f.N); err != nil {
				return err
			}
		}
		for _, p := range persons {
			if _, err := tx.Exec(addPerson, p.Month, p.Region, p.Service, p.Resident); err != nil {
				return err
			}
		}
		return nil
	})
	return folded && err == nil, err
}

// sorted lists a sum in one order: two folds that touch the same rows then take their locks alike and never wait for each other in a
// circle.
func sorted(sum *live.Sum) ([]live.Fact, []live.Person) {
	facts := make([]live.Fact, 0, len(sum.Facts))
	for k, n := range sum.Facts {
		facts = append(facts, live.Fact{Key: k, N: n})
	}
	slices.SortFunc(facts, func(a, b live.Fact) int { return a.Compare(b.Key) })
	persons := make([]live.Person, 0, len(sum.People))
	for p := range sum.People {
		persons = append(persons, p)
	}
	slices.SortFunc(persons, func(a, b live.Person) int { return a.Compare(b) })
	return facts, persons
}

// Days lists the facts from one day (yyyymmdd) up to another, which is left out. A month that was rolled up counts as its day 0.
func (s Facts) Days(ctx context.Context, from, before int32) ([]live.Fact, error) {
	rows, err := s.DB.Query(ctx, selectFacts, from, before)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (f live.Fact, err error) {
		err = row.Scan(&f.Day, &f.Region, &f.Service, &f.Channel, &f.Level, &f.Metric, &f.N)
		return f, err
	})
}

// Used adds up how much each service of each city was used since a day (yyyymmdd).
func (s Facts) Used(ctx context.Context, from int32) ([]live.Used, error) {
	var w conditions
	w.add("day >= ?", from)
	w.add("service <> ?", "")
	w.in("metric", live.UseMetrics())
	rows, err := s.DB.Query(ctx, selectUsed+w.text()+` group by region, service`, w.args...)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (u live.Used, err error) { return u, row.Scan(&u.Region, &u.Service, &u.N) })
}

// Persons lists who is still kept.
func (s Facts) Persons(ctx context.Context) ([]live.Person, error) {
	rows, err := s.DB.Query(ctx, selectPersons)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (p live.Person, err error) {
		err = row.Scan(&p.Month, &p.Region, &p.Service, &p.Resident)
		return p, err
	})
}

// Crowds tells how many residents each service had in the months (yyyymm) from one to another, both included: counted of those who are
// kept, and as it was noted of those who were dropped.
func (s Facts) Crowds(ctx context.Context, from, to int32) (list []live.Crowd, err error) {
	for _, query := range []string{selectCrowds, selectPersonSums} {
		some, err := s.crowds(ctx, query, from, to)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// Dropped lists the crowds of months whose residents are dropped.
func (s Facts) Dropped(ctx context.Context) ([]live.Crowd, error) {
	return s.crowds(ctx, selectCrowds, 0, 999_999)
}

func (s Facts) crowds(ctx context.Context, query string, from, to int32) ([]live.Crowd, error) {
	rows, err := s.DB.Query(ctx, query, from, to)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(row sqldb.Row) (c live.Crowd, err error) {
		err = row.Scan(&c.Month, &c.Region, &c.Service, &c.People)
		return c, err
	})
}

// RollUp adds the days of every month before one (yyyymm) up to one day 0 each. Sums stay as they were.
func (s Facts) RollUp(ctx context.Context, before int32) (err error) {
	defer fault.Wrap(&err, "roll up the facts before %d", before)
	rows, err := s.DB.Query(ctx, selectDayMonths, before*100)
	if err != nil {
		return err
	}
	months, err := scanAll(rows, func(row sqldb.Row) (m int32, err error) { return m, row.Scan(&m) })
	if err != nil {
		return err
	}
	for _, m := range months {
		if err := s.rollUp(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (s Facts) rollUp(ctx context.Context, month int32) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if err := stopFolding(tx); err != nil {
			return err
		}
		rows, err := tx.Query(selectFacts, month*100, (month+1)*100)
		if err != nil {
			return err
		}
		sum, err := scanSum(rows)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(deleteFacts, month*100, (month+1)*100); err != nil {
			return err
		}
		facts, _ := sorted(sum)
		for _, f := range facts {
			if _, err := tx.Exec(addFact, f.Day, f.Region, f.Service, f.Channel, f.Level, f.Metric, f.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// stopFolding holds every cursor until the change ends, so that no fold adds to rows that are being replaced.
func stopFolding(tx *sqldb.Tx) error {
	rows, err := tx.Query(selectFactCursors + tx.ForUpdate())
	if err != nil {
		return err
	}
	for rows.Next() { // a row is locked when it is read
	}
	return errors.Join(rows.Err(), rows.Close())
}

// scanSum adds facts up by month.
func scanSum(rows *sql.Rows) (*live.Sum, error) {
	list, err := scanAll(rows, func(row sqldb.Row) (f live.Fact, err error) {
		err = row.Scan(&f.Day, &f.Region, &f.Service, &f.Channel, &f.Level, &f.Metric, &f.N)
		return f, err
	})
	sum := live.NewSum()
	for _, f := range list {
		f.Day = f.Day / 100 * 100
		sum.Facts[f.Key] += f.N
	}
	return sum, err
}

// DropPeople forgets who opened cases in the months before one (yyyymm), and keeps how many they were.
func (s Facts) DropPeople(ctx context.Context, before int32) (err error) {
	defer fault.Wrap(&err, "drop the people before %d", before)
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if err := stopFolding(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(keepCrowds, before); err != nil {
			return err
		}
		_, err := tx.Exec(deletePersons, before)
		return err
	})
}

// SetNight notes that the alarm of a night is set, together with the alarm; one that is set already adds nothing.
func (s Facts) SetNight(ctx context.Context, day int32, alarm event.Later) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertNight, day)
		if err != nil || n == 0 {
			return err
		}
		return tx.Append("observatory/night", alarm)
	})
}

// Search notes what was searched in a city's entry.
func (s Facts) Search(ctx context.Context, said live.Searched) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append("searches/"+said.Region, said) })
}
