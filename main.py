"""Starts Loket; on a fresh machine bootstrap.py first makes the environment that the program runs in."""

import runpy
import sys

# Every Python can read this file, so that each gets as far as this sentence; bootstrap.py needs 3.11.
if sys.version_info < (3, 11):
    sys.exit(
        "Loket membutuhkan Python 3.11 atau yang lebih baru, sedangkan ini Python %d.%d. Pasang Python 3.11+ "
        "(Windows: dari python.org; Debian 12 atau Ubuntu 24.04: sudo apt-get install python3), "
        "lalu jalankan lagi.\n"
        "Loket needs Python 3.11 or newer, and this is Python %d.%d. Install Python 3.11+ "
        "(Windows: from python.org; Debian 12 or Ubuntu 24.04: sudo apt-get install python3), "
        "then start again." % (tuple(sys.version_info[:2]) * 2)
    )

import bootstrap

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["test"] and not bootstrap.PACKAGED:
        bootstrap.enter_environment("requirements-dev.lock")
        sys.argv[1:] = arguments[1:]
        runpy.run_path(str(bootstrap.PROJECT / "tests" / "every_check.py"), run_name="__main__")
    elif arguments[:1] == ["package"] and not bootstrap.PACKAGED:
        bootstrap.enter_environment("requirements-package.lock")
        sys.argv[1:] = arguments[1:]
        runpy.run_path(str(bootstrap.PROJECT / "installers" / "build.py"), run_name="__main__")
    else:
        bootstrap.enter_environment("requirements.lock")
        bootstrap.require_display(arguments)
        try:
            from desktop.app import main

            exit_code = main(arguments)
        except ImportError as error:
            bootstrap.repair(error)
            raise
        sys.exit(exit_code)
