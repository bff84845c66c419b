"""Makes what is installed on PCs without Python: a folder, a .deb, a Windows installer. See build.py."""
