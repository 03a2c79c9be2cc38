// Package bench is a fixture: something above to import.
package bench

// Zero is something to import.
const Zero = 0
