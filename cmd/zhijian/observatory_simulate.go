package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/region"
)

type observatorySimulateCmd struct {
	Seed    uint64   `required:"" help:"The same seed gives the same nation." placeholder:"N"`
	Out     string   `required:"" help:"Folder for the tables: DIR/2015, and last year's in DIR/2014." placeholder:"DIR"`
	Scale   int      `default:"1" help:"1 to 10 copies of every account."`
	Streams []string `help:"Write the raw visits too, which add up to months.csv: all, or provinces and prefectures by code or name in addresses (630000, qinghai)." placeholder:"all|REGION,…"`
}

// simulatedYear is one of the two editions of a nation.
type simulatedYear struct {
	folder string
	facts  observatory.Facts
}

// Run writes both years.
func (c observatorySimulateCmd) Run() (err error) {
	defer func() { err = plain(err) }()
	tree, err := region.Load(catalog.FS)
	if err != nil {
		return err
	}
	among, err := regionsNamed(tree, c.Streams)
	if err != nil {
		return err
	}
	years := []simulatedYear{{folder: filepath.Join(c.Out, "2015")}, {folder: filepath.Join(c.Out, "2014")}}
	for _, y := range years {
		if among == nil {
			break
		}
		if err := vacant(filepath.Join(y.folder, visitsFolder)); err != nil {
			return err
		}
	}
	if years[0].facts, years[1].facts, err = nation.Simulate(c.Seed, nation.Input{Catalogue: catalog.FS, Scale: c.Scale}); err != nil {
		return err
	}
	homes, err := homesOf(years[0].facts.Indicators)
	if err != nil {
		return err
	}
	for _, y := range years {
		if err := writeTables(y.folder, y.facts); err != nil {
			return err
		}
		fmt.Printf("%s: %d accounts, simulated.\n", y.folder, len(y.facts.Accounts))
		if among == nil {
			continue
		}
		s := visitStream{tree: tree, seed: c.Seed, homes: homes, among: among}
		if err := s.write(y); err != nil {
			return err
		}
	}
	return nil
}

// regionsNamed reads --streams: what accounts are among those whose visits are wanted. nil wants none.
func regionsNamed(tree *region.Tree, names []string) (among func(code string) bool, err error) {
	var codes []string
	for _, name := range names {
		if name == "all" {
			if len(names) > 1 {
				return nil, errors.New("--streams is all, or a list of regions, not both")
			}
			return func(string) bool { return true }, nil
		}
		r, ok := tree.Find(name)
		if !ok {
			r, ok = tree.BySlug(name)
		}
		if !ok || r.Level != region.Province && r.Level != region.Prefecture {
			return nil, fmt.Errorf("%q is no province and no prefecture: give a code or name in addresses of regions.csv, such as 630000 or qinghai, or all", name)
		}
		codes = append(codes, r.Code)
	}
	if len(codes) == 0 {
		return nil, nil
	}
	return func(code string) bool {
		for _, in := range codes {
			if tree.Within(code, in) {
				return true
			}
		}
		return false
	}, nil
}

// vacant refuses a folder that holds something: old visits beside new ones would be counted with them.
func vacant(folder string) error {
	list, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("%s holds visits already: remove it, or choose another --out", folder)
	}
	return err
}

func writeTables(folder string, facts observatory.Facts) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, t := range nation.Files(facts) {
		f, err := os.Create(filepath.Join(folder, t.Name))
		if err != nil {
			return err
		}
		if err := t.Write(f); err != nil {
			_ = f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
