package sqldb

import (
	"errors"
	"fmt"
)

// settingError is a setting that is not the law.
type settingError struct{ name, is, must string }

func (e *settingError) Error() string {
	return fmt.Sprintf("%s is %s, it must be %s", e.name, e.is, e.must)
}

func wrongSetting(name, is, must string) error { return &settingError{name, is, must} }

// bend gives the wrong settings as one error, or logs them when Config.Unsafe allows them.
func (db *DB) bend(wrong []error) error {
	var refused []error
	for _, err := range wrong {
		if !db.mayBend(err) {
			refused = append(refused, err)
		}
	}
	return errors.Join(refused...)
}

func (db *DB) mayBend(err error) bool {
	var s *settingError
	if !db.cfg.Unsafe || !errors.As(err, &s) {
		return false
	}
	db.cfg.Log.Warn("a setting that is law is bent", "setting", s.name, "is", s.is, "must", s.must)
	return true
}
