package cases

// Stars sums the ratings of a service, and what became of the bad ones.
type Stars struct {
	Count, Sum int
	Good       int // of the upper three of the five grades
	Asked      int // bad ones that were answered, or whose time to be answered is over
	InTime     int // of these, answered in time
}

// Stars is what one case adds to the sums of its service.
func (c Case) Stars() Stars {
	var s Stars
	if c.Rating == nil {
		return s
	}
	s.Count, s.Sum = 1, c.Rating.Stars
	if !c.Rating.Bad() {
		s.Good = 1
	}
	f := c.Remedies.Followup
	switch {
	case f == nil || f.Dropped:
	case !f.Answered.IsZero() || f.Settled != "":
		s.Asked = 1
		if f.InTime {
			s.InTime = 1
		}
	case !f.Alarm.Before(f.Due):
		s.Asked = 1
	}
	return s
}

// Fewest is how many people must be behind a figure before it is public: fewer could be guessed (security.md part 8, k).
const Fewest = 10

// Figures are what anybody may know of how a service is rated. What is zero is not shown.
type Figures struct {
	Count  int     // ratings
	Mean   float64 // of five
	Good   int     // percent of the upper three grades (好评率); -1 where few people are on one side, who could be guessed
	InTime int     // percent of bad ratings that were answered in time; -1 where too few were due
}

// Public gives the figures that may be shown; ok is false while too few have rated.
func (s Stars) Public() (f Figures, ok bool) {
	if s.Count < Fewest {
		return Figures{}, false
	}
	f = Figures{Count: s.Count, Mean: float64(s.Sum) / float64(s.Count), Good: -1, InTime: -1}
	few := func(n int) bool { return n > 0 && n < Fewest }
	if !few(s.Good) && !few(s.Count-s.Good) {
		f.Good = s.Good * 100 / s.Count
	}
	if s.Asked >= Fewest {
		f.InTime = s.InTime * 100 / s.Asked
	}
	return f, true
}
