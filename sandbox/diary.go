package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"zhijian/ground/clock"
	"zhijian/sandbox/journal"
)

// diary is where an office writes the acts that change it, each before it is done. The office's
// own lock orders them. An office without a folder has a diary that keeps nothing.
type diary struct{ file *journal.File }

// deed is one line of a diary: the question itself. What followed from it follows again.
type deed struct {
	At   int64          `json:"at"` // ms
	Call string         `json:"call"`
	Key  string         `json:"key"`
	With map[string]any `json:"with"`
}

func (d *diary) write(in question) error {
	return d.file.Append(deed{At: clock.Millis(in.at), Call: in.call, Key: in.key, With: in.with})
}

// recall does everything in the office's diary again and then keeps the diary open.
func (o *office) recall(dir string) error {
	if dir == "" || o.diary == nil {
		return nil
	}
	file, err := journal.Open(filepath.Join(dir, o.name+".journal"), func(line []byte) error {
		var was deed
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&was); err != nil {
			return err
		}
		c, ok := o.calls[was.Call]
		if !ok || !c.act {
			return fmt.Errorf("there is no act %q", was.Call)
		}
		_, err := c.do(question{call: was.Call, key: was.Key, at: clock.FromMillis(was.At), with: was.With})
		var no refusal
		if err == nil || errors.As(err, &no) || errors.Is(err, errSilent) || errors.Is(err, errLost) {
			return nil // what the caller was told then
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", o.name, err)
	}
	o.diary.file = file
	return nil
}
