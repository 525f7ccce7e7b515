//! What stands beside a site for whoever puts it on a host.

/// `LISEZMOI.txt` of the site of a territory; `provenance` says whence its figures come.
pub(super) fn text(name: &str, provenance: &str) -> String {
    format!(
        "Maillage\u{a0}: {name}\n\
         \n\
         {provenance}\n\
         \n\
         Ce dossier est une carte figée\u{a0}: elle répond à une seule question, sans serveur Maillage. Copiez-le tel quel sur\n\
         n'importe quel hébergement de fichiers, à la racine ou dans un sous-dossier\u{a0}: toutes ses adresses sont relatives.\n\
         \n\
         - index.html\u{a0}: la page. Elle s'ouvre par une adresse http(s), pas par un double-clic\u{a0}: un navigateur n'exécute pas les\n\
         \u{20} scripts d'un fichier local. Pour l'essayer ici\u{a0}: python3 -m http.server, puis http://127.0.0.1:8000/\n\
         - tiles.pmtiles\u{a0}: les tuiles de la carte, dont la page lit des morceaux (requêtes HTTP «\u{a0}Range\u{a0}»). La plupart des\n\
         \u{20} hébergements les acceptent\u{a0}; avec un serveur qui les ignore, comme celui de Python, la page charge une fois le\n\
         \u{20} fichier entier. Ne le faites pas compresser par l'hébergeur\u{a0}: ses tuiles le sont déjà.\n\
         - answers/, zones/\u{a0}: le diagnostic et les dix zones les plus peuplées du périmètre (whole.json) et de chaque région,\n\
         \u{20} département et EPCI qui y est tout entier. Une commune se cherche et se montre sur la carte, sans diagnostic à part.\n\
         - data/\u{a0}: les zones et les communes en GeoPackage et en CSV. diagnostic.html\u{a0}: le diagnostic du périmètre, à imprimer.\n\
         - site.json\u{a0}: la question et la liste des réponses.\n\
         \n\
         Changer de déplacement, de seuil ou de filtre, le trajet depuis un point et la zone d'attraction d'un lieu demandent un\n\
         serveur\u{a0}: maillage serve. Pour une autre question, refaites le dossier\u{a0}: maillage export-site DOSSIER --question '…'\n"
    )
}
