// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc

/// The words for what a chip or a line refuses: the kernel's cause, and what a technician does about it.
enum GPIODFaults {
    static func chip(_ label: String, error: Int32, present: String) -> Fault {
        switch error {
        case ENODEV:
            let cause =
                present.isEmpty
                ? "this machine has no GPIO chip" : "no chip has this label; there are: \(present)"
            return Fault(
                "open chip", at: label, cause: cause,
                hint: "Check the chip's plug and supply; compare the board file's label with `gpiodetect`.")
        case ENOTUNIQ:
            return Fault(
                "open chip", at: label, cause: "two chips have this label",
                hint: "Give one of them another label in the device tree; a guess could use the wrong lines.")
        case EACCES, EPERM:
            return Fault(
                "open chip", at: label, cause: "not allowed to open /dev/gpiochip*",
                hint: "Let the service's user into their group (gpio) and allow char-gpiochip in its unit.")
        default:
            return Fault(
                "open chip", at: label, cause: words(error),
                hint: "It is tried again by itself; if it stays, look at `dmesg` for the chip's driver.")
        }
    }

    static func line(_ line: BoardLine, error: Int32) -> Fault {
        let place = "\(line.chip)/\(line.line) (\(line.name))"
        switch error {
        case ENOENT:
            return Fault(
                "open line", at: place,
                cause: BoardLine.isNameless(line.line)
                    ? "the chip has no line of this number" : "the chip has no line of this name",
                hint: "Compare the board file's line with `gpioinfo`.")
        case ENOTUNIQ:
            return Fault(
                "open line", at: place, cause: "the chip has two lines of this name",
                hint: "Name the lines apart in the device tree; a guess could use the wrong one.")
        case EBUSY:
            return Fault(
                "open line", at: place, cause: "another program or driver holds the line",
                hint: "See who with `gpioinfo` and stop it; the line is taken as soon as it is free.")
        default:
            return Fault(
                "open line", at: place, cause: words(error),
                hint: "Check that the chip can do what the board file asks (direction, bias, edges).")
        }
    }

    static func gone(_ line: BoardLine) -> Fault {
        Fault(
            "use line", at: "\(line.chip)/\(line.line) (\(line.name))", cause: "the chip has vanished",
            hint: "Check the expander's plug and supply; it is opened by itself as soon as it returns.")
    }

    static func unusable(_ operation: String, _ line: BoardLine, error: Int32) -> Fault {
        Fault(
            operation, at: "\(line.chip)/\(line.line) (\(line.name))", cause: words(error),
            hint: "If it stays, check the bus to the chip and its supply; `dmesg` tells of bus errors.")
    }

    static func words(_ error: Int32) -> String { String(cString: strerror(error)) }
}
