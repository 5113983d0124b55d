package observatory

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"zhijian/domain/region"
	"zhijian/domain/sector"
	"zhijian/ground/fault"
)

// Catalog is the reference data that facts are read and measured with. It never changes after LoadCatalog.
type Catalog struct {
	Regions *region.Tree
	Sectors *sector.Table
	Kinds   []ServiceKind  // the 101 kinds of service of the city entry, in the catalogue's order
	Groups  []ServiceGroup // the 27 groups of the city entry, in the catalogue's order
	Changes []CodeChange   // codes that other editions of GB/T 2260 have

	bands  map[string]Band
	deputy map[string]bool
}

// ServiceKind is one of the kinds of service that a city entry offers.
type ServiceKind struct{ ID, Name, En, Group string }

// OwnPrefix begins the id of a service that is none of the kinds, which a city has of its own. Its figures stand under its own id; what compares
// kinds over cities leaves it out.
const OwnPrefix = "own-"

var ownForm = regexp.MustCompile(`^` + OwnPrefix + `[a-z0-9-]{1,57}$`)

// Offered reports whether an id is that of a service that a city can offer: a kind, or one of its own.
func (c *Catalog) Offered(id string) bool {
	_, kind := c.KindByID(id)
	return kind || ownForm.MatchString(id)
}

// ServiceGroup is one of the groups that the city entry shows them in.
type ServiceGroup struct{ ID, Name, En string }

// Band is the part of the country, as the white paper draws it: 辽宁 and 海南 east, 吉林 central.
type Band string

// The bands.
const (
	East    Band = "east"
	Central Band = "central"
	West    Band = "west"
)

// CodeChange says that a place got another code in a year.
type CodeChange struct{ From, FromName, To, ToName, Year string }

// LoadCatalog reads the folders regions, sectors and kinds. An error means that the data is damaged.
func LoadCatalog(fsys fs.FS) (c *Catalog, err error) {
	defer fault.Wrap(&err, "load the observatory's catalogue")
	c = &Catalog{bands: map[string]Band{}, deputy: map[string]bool{}}
	if c.Regions, err = region.Load(fsys); err != nil {
		return nil, err
	}
	if c.Sectors, err = sector.Load(fsys); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		path    string
		columns []string
		take    func(v []string)
	}{
		{"kinds/kinds.csv", []string{"id", "name", "en", "group"}, func(v []string) { c.Kinds = append(c.Kinds, ServiceKind{v[0], v[1], v[2], v[3]}) }},
		{"kinds/groups.csv", []string{"id", "name", "en"}, func(v []string) { c.Groups = append(c.Groups, ServiceGroup{v[0], v[1], v[2]}) }},
		{"regions/changes.csv", []string{"code", "name", "successor", "successor_name", "year"}, func(v []string) {
			c.Changes = append(c.Changes, CodeChange{v[0], v[1], v[2], v[3], v[4]})
		}},
		{"regions/prefectures.csv", []string{"code", "band", "is_deputy_provincial"}, func(v []string) {
			c.bands[v[0]], c.deputy[v[0]] = Band(v[1]), v[2] == "1"
		}},
	} {
		if err := readColumns(fsys, f.path, f.columns, f.take); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func readColumns(fsys fs.FS, path string, columns []string, take func([]string)) error {
	f, err := fsys.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) < 2 {
		return fmt.Errorf("%s: no rows", path)
	}
	at := make([]int, len(columns))
	for i, name := range columns {
		if at[i] = slices.Index(rows[0], name); at[i] < 0 {
			return fmt.Errorf("%s: no column %s", path, name)
		}
	}
	for _, row := range rows[1:] {
		v := make([]string, len(at))
		for i, col := range at {
			v[i] = row[col]
		}
		take(v)
	}
	return nil
}

// Band gives the part of the country a province or prefecture lies in; "" for those the paper leaves out.
func (c *Catalog) Band(code string) Band { return c.bands[code] }

// DeputyProvincial reports whether a city is one of the 15 of deputy-provincial rank (副省级).
func (c *Catalog) DeputyProvincial(code string) bool { return c.deputy[code] }

// KindByID gives a kind of service; false when there is none.
func (c *Catalog) KindByID(id string) (ServiceKind, bool) {
	i := slices.IndexFunc(c.Kinds, func(k ServiceKind) bool { return k.ID == id })
	if i < 0 {
		return ServiceKind{}, false
	}
	return c.Kinds[i], true
}

// OtherCode says what another edition's code is called here; false when it is in no list of changes.
func (c *Catalog) OtherCode(code string) (CodeChange, bool) {
	for _, ch := range c.Changes {
		if ch.From == code || ch.To == code {
			return ch, true
		}
	}
	return CodeChange{}, false
}
