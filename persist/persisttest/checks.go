package persisttest

import "slices"

// checks returns the suite in the order of the contract.
func checks() []check {
	return slices.Concat(groupChecks(), fenceChecks(), readChecks(), durabilityChecks(), mixedChecks())
}
