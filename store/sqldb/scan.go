package sqldb

import (
	"database/sql"
	"errors"

	"zhijian/ground/clock"
	"zhijian/ground/event"
)

// EventColumns are the columns of the event table in the order that ScanEvents reads.
const EventColumns = `shard, position, id, name, key, at, actor, account, region, sector, service, data, prev, hash`

// ScanEvents reads all rows of a query for EventColumns and closes them.
func ScanEvents(rows *sql.Rows) ([]event.Event, error) {
	var list []event.Event
	for rows.Next() {
		var e event.Event
		var at int64
		err := rows.Scan(&e.Shard, &e.Position, &e.ID, &e.Name, &e.Key, &at,
			&e.Meta.Actor, &e.Meta.Account, &e.Meta.Region, &e.Meta.Sector, &e.Meta.Service, &e.Data, &e.Prev, &e.Hash)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		if e.Prev == nil {
			e.Prev = []byte{} // SQLite's driver gives nil for no bytes
		}
		e.At = clock.FromMillis(at)
		list = append(list, e)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}
