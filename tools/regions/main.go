// Command regions writes the table of administrative divisions, catalog/regions/regions.csv, and the
// readings of Chinese characters, domain/region/pinyin/readings.go, from their sources.
//
//	go run -C tools ./regions          # write both
//	go run -C tools ./regions -check   # say whether both are fresh; exit 1 when not
//
// The sources are pinned by checksum and fetched by their ordinary clients into a temporary folder: npm package
// gb2260 (codes and names of September 2015) and Go module mozillazg/go-pinyin (readings). What this
// project knows better stands in catalog/regions/prefectures.csv, catalog/words/pinyin.csv and in
// places.csv, english.csv and seats.csv beside this file. The same input always gives the same bytes.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when a file is not what would be written")
	divisions := flag.String("gb2260", "", "file 201509.json of npm gb2260@0.6.0; fetched when empty")
	dictionary := flag.String("dictionary", "", "file pinyin_dict.go of go-pinyin v0.21.0; fetched when empty")
	seats := flag.String("seats", "", "make seats.csv from this folder of outlines first (seats.go)")
	flag.Parse()
	if err := run(*check, *divisions, *dictionary, *seats); err != nil {
		fmt.Fprintln(os.Stderr, "regions:", err)
		os.Exit(1)
	}
}

func run(check bool, divisions, dictionary, seats string) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	src, err := open(root, divisions, dictionary)
	if err != nil {
		return err
	}
	if seats != "" {
		if err := writeSeats(src, root, seats); err != nil {
			return err
		}
	}
	if err := src.readSeats(root); err != nil {
		return err
	}
	table, err := divisionTable(src)
	if err != nil {
		return err
	}
	outputs := []struct {
		path string
		text []byte
	}{
		{"catalog/regions/regions.csv", table},
		{"domain/region/pinyin/readings.go", readingsFile(src)},
	}
	var stale []string
	for _, o := range outputs {
		path := filepath.Join(root, filepath.FromSlash(o.path))
		old, _ := os.ReadFile(path) // absent counts as stale
		if bytes.Equal(old, o.text) {
			continue
		}
		stale = append(stale, o.path)
		if !check {
			if err := os.WriteFile(path, o.text, 0o644); err != nil {
				return err
			}
		}
	}
	if check && len(stale) > 0 {
		return fmt.Errorf("not fresh: %s", strings.Join(stale, ", "))
	}
	return nil
}

// projectRoot walks up to the folder whose go.mod says "module zhijian".
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(mod, []byte("module zhijian\n")) {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("run inside the project: no go.mod of module zhijian above this folder")
		}
		dir = up
	}
}
