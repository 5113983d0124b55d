package sqldb

import (
	"context"

	"zhijian/ground/event"
)

// Change is the law of writing for one aggregate: load reads it under lock (end the select
// with tx.ForUpdate()), rule decides on the copy and names the events, save stores the copy;
// the events are appended under key in the same change. A rule that gives no events and no
// error says "already so": nothing is saved. The result is the aggregate as it now is.
//
// An error of any of the three is returned unchanged and nothing is saved. The three may run
// more than once.
func Change[T any](
	ctx context.Context, db *DB, key string,
	load func(tx *Tx) (T, error),
	rule func(*T) ([]event.Body, error),
	save func(tx *Tx, t *T) error,
) (T, error) {
	var result T
	err := db.Write(ctx, func(tx *Tx) error {
		t, err := load(tx)
		if err != nil {
			return err
		}
		bodies, err := rule(&t)
		if err != nil {
			return err
		}
		if len(bodies) > 0 {
			if err := save(tx, &t); err != nil {
				return err
			}
			if err := tx.Append(key, bodies...); err != nil {
				return err
			}
		}
		result = t
		return nil
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return result, nil
}
