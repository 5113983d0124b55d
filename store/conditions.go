package store

import (
	"fmt"
	"strconv"
	"strings"
)

// oneRow is a row that can be read.
type oneRow interface{ Scan(dest ...any) error }

// conditions gathers the conditions of a filter; arguments are numbered as they are added.
type conditions struct {
	parts []string
	args  []any
}

// add joins a condition with one "?" for its argument.
func (w *conditions) add(cond string, arg any) {
	w.args = append(w.args, arg)
	w.parts = append(w.parts, strings.Replace(cond, "?", "$"+strconv.Itoa(len(w.args)), 1))
}

// in joins "column in (…)".
func (w *conditions) in(column string, list []string) {
	marks := make([]string, len(list))
	for i, v := range list {
		w.args = append(w.args, v)
		marks[i] = "$" + strconv.Itoa(len(w.args))
	}
	w.parts = append(w.parts, column+" in ("+strings.Join(marks, ", ")+")")
}

// before joins "(a, b) < (…, …)" for keyset paging.
func (w *conditions) before(a, b string, x, y int64) {
	w.args = append(w.args, x, y)
	n := len(w.args)
	w.parts = append(w.parts, fmt.Sprintf("(%s, %s) < ($%d, $%d)", a, b, n-1, n))
}

// text gives " where …", or "" without conditions.
func (w *conditions) text() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " where " + strings.Join(w.parts, " and ")
}

// wordsOf gives typed words as plain strings.
func wordsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// orNull stores an absent text as null, so that a unique column can be absent many times.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
