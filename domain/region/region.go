// Package region knows the administrative divisions of China as they stood in August and September 2015:
// the nation, 34 provinces, 334 prefecture-level and 2,852 county-level divisions (docs/data.md).
//
// A Tree is read once from the catalogue, never changes and may be used from many goroutines at once.
// Nothing here blocks or fails after Load. Codes are GB/T 2260; the nation is 000000.
package region

// Level is how high a division stands.
type Level string

// The levels. A municipality (直辖市) is a province by level and a city to its residents.
const (
	Nation     Level = "nation"
	Province   Level = "province"
	Prefecture Level = "prefecture"
	County     Level = "county"
)

// NationCode is the code of the whole country.
const NationCode = "000000"

// Region is one administrative division.
type Region struct {
	Code  string // GB/T 2260, six digits
	Name  string // full legal name: 温州市
	Short string // as people say it: 温州; unique among siblings
	Slug  string // URL name: "wenzhou"; empty for counties
	En    string // "Wenzhou"; for counties pinyin with the kind, no official romanisation
	Level Level
	Kind  string // 省, 直辖市, 自治区, 特别行政区, 地级市, 自治州, 地区, 盟, 市辖区, 县级市, 县, 自治县, 旗 …
	// Parent is the code of the division above; empty for the nation. Districts of a municipality lie under
	// it directly, and so do the counties that a province runs itself (济源, 仙桃, 石河子 …).
	Parent string
	// Lon and Lat are degrees: of the government's place for counties, of the area's middle for those above. They are
	// approximate, fit for drawing and for Nearest; both 0 when not known (the nation and 29 counties).
	Lon, Lat float64
	Pinyin   string // "wenzhou", of the name without its kind, as it is typed
	Initials string // "wz"
}

// IsCity reports whether a resident can choose r as their city: the 334 prefecture-level divisions and the four municipalities.
func (r Region) IsCity() bool {
	return r.Level == Prefecture || r.Kind == "直辖市"
}

// Letter is one heading of the pinyin index.
type Letter struct {
	Letter string // "A" to "Z"; letters without a city do not occur
	Cities []Region
}
