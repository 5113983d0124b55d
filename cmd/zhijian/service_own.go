package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zhijian/domain/service"
)

// ownFolder gives the folder of one's own in which a file lies, in one of the folders named; "" for a file elsewhere, or in the catalogue that
// the binary carries.
func ownFolder(file string, names ...string) string {
	at, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	folder := filepath.Dir(at)
	if !slices.Contains(names, filepath.Base(folder)) {
		return ""
	}
	own := filepath.Dir(folder)
	if _, err := os.Stat(filepath.Join(own, "kinds")); err == nil {
		return ""
	}
	return own
}

// ownServices lists the definitions of a folder, old versions too.
func ownServices(folder string) []string {
	if folder == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(folder, "services", "*.yaml"))
	return files
}

// open turns files among what is to be tested into ids and the folder that they lie in; one that lies in none gets a folder for the time of
// the test, which drop takes away. A folder without names is tested whole.
func (c *serviceTestCmd) open() (drop func(), err error) {
	drop = func() {}
	if len(c.Services) == 0 {
		for _, file := range ownServices(c.Catalogue) {
			if id := strings.TrimSuffix(filepath.Base(file), ".yaml"); !strings.Contains(id, "@") {
				c.Services = append(c.Services, id)
			}
		}
		if c.Catalogue != "" && len(c.Services) == 0 {
			err = fmt.Errorf("%s has no services/*.yaml", c.Catalogue)
		}
		return drop, err
	}
	for i, file := range c.Services {
		if !strings.HasSuffix(file, ".yaml") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return drop, err
		}
		own, name := ownFolder(file, "services"), filepath.Base(file)
		if c.Services[i] = strings.TrimSuffix(name, ".yaml"); own == c.Catalogue && own != "" {
			continue
		}
		if c.Catalogue != "" {
			return drop, fmt.Errorf("%s does not lie in %s; put it there, or test one at a time", file, filepath.Join(c.Catalogue, "services"))
		}
		if own == "" {
			if own, err = os.MkdirTemp("", "zhijian"); err != nil {
				return drop, err
			}
			drop = func() { _ = os.RemoveAll(own) }
			if err := os.Mkdir(filepath.Join(own, "services"), 0o700); err != nil {
				return drop, err
			}
			if err := os.WriteFile(filepath.Join(own, "services", name), src, 0o600); err != nil {
				return drop, err
			}
		}
		c.Catalogue = own
	}
	return drop, nil
}

// offer binds a definition where it is offered. One that no city offers yet is tested in the city asked for: an office that this does not
// bind is the imitation office of the same name.
func (c serviceTestCmd) offer(catalogue *service.Catalogue, d *service.Definition) service.Offer {
	if o, ok := catalogue.OfferNear(c.City, d.ID); ok {
		return o
	}
	o, _ := catalogue.Pinned(c.City, d.ID, d.Version)
	for _, word := range d.Offices {
		if _, bound := o.Offices[word]; !bound {
			o.Offices[word] = service.Office{System: word, Name: service.Text{Zh: word, En: word}, Payee: word}
		}
	}
	return o
}
