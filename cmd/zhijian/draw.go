package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"zhijian/domain/draw/record"
	"zhijian/outside/guard"
)

type drawCmd struct {
	Verify drawVerifyCmd `cmd:"" help:"Draw again from a published record and say whether it is equal, or what differs first. Exit code: 0 equal and drawn, 1 different, 2 not to be read, 3 equal but not drawn yet."`
}

type drawVerifyCmd struct {
	Record string `arg:"" help:"The record: a file, or its address (https://…/draws/NUMBER/record.json). Everything is worked out on this machine."`
	Entry  int    `help:"Say what became of this entry number."`
	Nonce  string `help:"The secret number of that entry, as its case shows it: checks that the entry is yours. Your citizen number is read from standard input." placeholder:"HEX"`
	Terms  string `help:"The hash of the terms as you noted it before: the record must have it." placeholder:"HASH"`
	List   string `help:"The hash of the list as you noted it before the draw." placeholder:"HASH"`
	House  string `help:"The hash of the house's seed as you noted it before the draw." placeholder:"HASH"`
}

// The exit codes of verify.
const (
	exitDifferent  = 1
	exitUnreadable = 2
	exitNotYet     = 3
)

// exitError ends the program with a code of its own.
type exitError struct {
	code int
	err  error
}

// Error implements error.
func (e exitError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e exitError) Unwrap() error { return e.err }

// Run draws again.
func (c drawVerifyCmd) Run(ctx context.Context) error {
	file, err := c.read(ctx)
	if err != nil {
		return exitError{exitUnreadable, err}
	}
	r, err := record.Verify(file)
	if errors.Is(err, record.ErrFormat) {
		return exitError{exitUnreadable, err}
	}
	if err == nil {
		err = c.noted(r)
	}
	if err == nil {
		err = c.entry(r)
	}
	if err != nil {
		return exitError{exitDifferent, fmt.Errorf("different: %w", err)}
	}
	return tell(r)
}

// noted holds the record against what somebody wrote down before the draw: a record that is changed as a whole is found by nothing else.
func (c drawVerifyCmd) noted(r record.Record) error {
	list, house := "", ""
	if r.List != nil {
		list, house = r.List.Hash, r.List.House
	}
	for _, x := range []struct{ name, want, got string }{{"terms_hash", c.Terms, r.TermsHash}, {"list_hash", c.List, list}, {"house_hash", c.House, house}} {
		if x.want != "" && !strings.EqualFold(x.want, x.got) {
			return fmt.Errorf("%s: you noted %s, the record says %q", x.name, x.want, x.got)
		}
	}
	return nil
}

// entry finds one entry, and with its nonce proves whose it is.
func (c drawVerifyCmd) entry(r record.Record) error {
	if c.Entry == 0 {
		return nil
	}
	e, ok := r.Entry(c.Entry)
	if !ok {
		return fmt.Errorf("entry %d is not in the list", c.Entry)
	}
	fmt.Printf("entry %d: line %s, choices %s\n", e.Number, e.Blind, strings.Join(e.Choices, ", "))
	if c.Nonce != "" {
		fmt.Fprintln(os.Stderr, "your citizen number (it stays on this machine):")
		person, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && person == "" {
			return fmt.Errorf("read the citizen number: %w", err)
		}
		person = strings.ToUpper(strings.Join(strings.Fields(person), ""))
		if record.Blind(r.ID, e.Number, person, strings.ToLower(strings.TrimSpace(c.Nonce))) != e.Blind {
			return fmt.Errorf("entry %d does not open with this secret number and citizen number: somebody else stands there", e.Number)
		}
		fmt.Printf("entry %d is yours\n", e.Number)
	}
	if x, turn := r.Result(c.Entry); turn > 0 && x.Place != "" {
		fmt.Printf("entry %d was drawn as number %d and has %s\n", c.Entry, turn, x.Place)
	} else if turn > 0 {
		fmt.Printf("entry %d was drawn as number %d and has no place\n", c.Entry, turn)
	}
	return nil
}

// tell says what a record that is equal comes to.
func tell(r record.Record) error {
	fmt.Printf("draw %s: %s\nterms_hash %s\n", r.ID, r.Terms.Title.Zh, r.TermsHash)
	if r.List != nil {
		fmt.Printf("list_hash %s, %d entries, %d withdrawn\nhouse_hash %s\n", r.List.Hash, len(r.List.Entries), len(r.List.Withdrawn), r.List.House)
	}
	switch {
	case r.Results != nil:
		won := 0
		for _, x := range r.Results.Order {
			if x.Place != "" {
				won++
			}
		}
		fmt.Printf("public seed %q\nequal: %d of %d entries have a place, as the record says\n", r.Seed.Public, won, len(r.Results.Order))
		return nil
	case r.Cancelled != "":
		fmt.Println("cancelled:", r.Cancelled)
		return nil
	}
	return exitError{exitNotYet, errors.New("equal so far, but nothing is drawn yet")}
}

// read gets the record from a file or an address.
func (c drawVerifyCmd) read(ctx context.Context) ([]byte, error) {
	if !strings.Contains(c.Record, "://") {
		return os.ReadFile(c.Record)
	}
	u, err := url.Parse(c.Record)
	if err != nil {
		return nil, err
	}
	client, err := guard.New(guard.Policy{Name: "record", Hosts: []string{guard.HostPort(u)}, Timeout: 2 * time.Minute, MaxBody: record.MostBytes})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	answer, err := client.Do(ctx, guard.Request{Method: http.MethodGet, URL: c.Record})
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d", c.Record, answer.Status)
	}
	return answer.Body, nil
}
