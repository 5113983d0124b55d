package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"zhijian/ground/clock"
	"zhijian/ground/uid"
	"zhijian/server"
)

type doctorCmd struct {
	Data     string `required:"" type:"existingdir" help:"Data folder of the house."`
	Database string `help:"postgres:// URL in place of the embedded database."`
	JSON     bool   `name:"json" help:"Print the findings as JSON."`
	Unsafe   bool   `hidden:"" help:"Accept a database whose settings are not the law. Tests only."`
}

// Run recounts the house and fails when something contradicts itself.
func (c doctorCmd) Run(ctx context.Context, log *slog.Logger) error {
	watch := &clock.System{}
	found, err := server.Examine(ctx, server.Config{Data: c.Data, Database: c.Database, Clock: watch, Log: log, Unsafe: c.Unsafe}, &uid.Maker{Clock: watch})
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
			return err
		}
	} else {
		fmt.Printf("events   %d, chain %s\nheads    signed %d times, key %s\ncases    %v\norders   %v\nmoney    %d fen captured, %d returned\n", found.Events, found.Chain, found.Signed, found.Key, found.Cases, found.Orders, found.Captured, found.Returned)
		v := found.Visits
		fmt.Printf("visits   %d in the log, %d counted, %d no longer in the log\n", v.Appended, v.Folded, v.Deleted)
		m := found.Machine
		fmt.Printf("machine  %d open files, %d bytes of memory (0: no limit), %d bytes free, floor %d\n", m.Files, m.Memory, m.Free, m.Floor)
		for _, s := range m.Short {
			fmt.Println("SHORT   ", s)
		}
		for _, w := range found.Wrong {
			fmt.Println("WRONG   ", w)
		}
	}
	if !found.Well() {
		return errors.New("the house contradicts itself")
	}
	return nil
}
